//! Stands between the bench's gateway and what its platform lends it, and counts the requests that go by: what a gateway asks
//! for beside the upstream.

use std::{
    io::{self, Read, Write},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    os::unix::net::UnixStream,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread,
};

/// One for each thing that is lent.
pub(crate) struct Between {
    /// What it stands before.
    pub(crate) name: &'static str,
    /// Where the gateway finds it.
    pub(crate) address: SocketAddr,
    requests: Arc<AtomicU64>,
}

impl Between {
    /// Begins to pass on to a socket; it runs until the process ends.
    pub(crate) fn start(name: &'static str, lent: PathBuf) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let requests = Arc::new(AtomicU64::new(0));
        let count = Arc::clone(&requests);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (lent, count) = (lent.clone(), Arc::clone(&count));
                thread::spawn(move || pass(&stream, &lent, &count));
            }
        });
        Ok(Self {
            name,
            address,
            requests,
        })
    }

    /// Requests so far.
    pub(crate) fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }
}

/// Passes a connection on, both ways, until one side ends it.
fn pass(gateway: &TcpStream, lent: &PathBuf, count: &AtomicU64) -> io::Result<()> {
    gateway.set_nodelay(true)?;
    let platform = UnixStream::connect(lent)?;
    let (mut from, mut to) = (platform.try_clone()?, gateway.try_clone()?);
    let back = thread::spawn(move || {
        let copied = io::copy(&mut from, &mut to).map(drop);
        to.shutdown(Shutdown::Both).and(copied)
    });
    let mut heads = Heads::default();
    let mut buffer = [0; 16 * 1024];
    let mut reader = gateway;
    loop {
        let length = reader.read(&mut buffer)?;
        let Some(part) = buffer.get(..length).filter(|part| !part.is_empty()) else {
            break;
        };
        count.fetch_add(heads.in_this(part), Ordering::Relaxed);
        (&platform).write_all(part)?;
    }
    platform.shutdown(Shutdown::Write)?;
    back.join().unwrap_or(Ok(()))
}

/// Looks for the ends of request lines, which no body here has in it: those are JSON without line breaks.
#[derive(Default)]
struct Heads {
    met: usize,
}

impl Heads {
    fn in_this(&mut self, part: &[u8]) -> u64 {
        let mut found = 0;
        for byte in part {
            let fits = END_OF_LINE.get(self.met) == Some(byte);
            self.met = if fits {
                self.met + 1
            } else {
                usize::from(END_OF_LINE.first() == Some(byte))
            };
            if self.met == END_OF_LINE.len() {
                found += 1;
                self.met = 0;
            }
        }
        found
    }
}

const END_OF_LINE: &[u8] = b" HTTP/1.1\r\n";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_requests_wherever_they_are_cut() {
        let text = b"GET /catalog HTTP/1.1\r\nhost: kv\r\n\r\nPOST /x  HTTP/1.1\r\na: HTTP/1.1 \r\n\r\n{\"http\":\"HTTP/1.1\"}";
        for size in 1..text.len() {
            let mut heads = Heads::default();
            let found: u64 = text.chunks(size).map(|part| heads.in_this(part)).sum();
            assert_eq!(found, 2, "in parts of {size}");
        }
    }
}
