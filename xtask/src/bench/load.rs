//! The callers of the bench: a fixed number of connections, each sending its next request when the last is answered.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    thread,
    time::{Duration, Instant},
};

/// What to send, and for how long.
#[derive(Clone)]
pub(crate) struct Load {
    /// Where the gateway listens.
    pub(crate) target: SocketAddr,
    /// The whole request head, ending with an empty line.
    pub(crate) request: String,
    /// Connections at once.
    pub(crate) connections: usize,
    /// Requests over all connections.
    pub(crate) requests: usize,
}

/// What came of it.
#[derive(Default)]
pub(crate) struct Outcome {
    /// Round-trip times of good answers, in microseconds, sorted.
    pub(crate) latencies_us: Vec<u64>,
    /// Answers with another status than 200.
    pub(crate) refused: usize,
    /// Wall time of the whole, in seconds.
    pub(crate) seconds: f64,
}

impl Load {
    /// Sends everything and waits for every answer.
    pub(crate) fn run(&self) -> io::Result<Outcome> {
        let share = self.requests / self.connections;
        let started = Instant::now();
        let threads: Vec<_> = (0..self.connections)
            .map(|_| {
                let load = self.clone();
                thread::spawn(move || load.connection(share))
            })
            .collect();
        let mut outcome = Outcome::default();
        for thread in threads {
            let part = thread
                .join()
                .map_err(|_| io::Error::other("a caller stopped"))??;
            outcome.latencies_us.extend(part.latencies_us);
            outcome.refused += part.refused;
        }
        outcome.seconds = started.elapsed().as_secs_f64();
        outcome.latencies_us.sort_unstable();
        Ok(outcome)
    }

    fn connection(&self, requests: usize) -> io::Result<Outcome> {
        let stream = TcpStream::connect(self.target)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        let mut writer = stream.try_clone()?;
        let mut reader = BufReader::new(stream);
        let mut outcome = Outcome::default();
        for _ in 0..requests {
            let sent = Instant::now();
            writer.write_all(self.request.as_bytes())?;
            if answer(&mut reader)? == 200 {
                outcome.latencies_us.push(sent.elapsed().as_micros() as u64);
            } else {
                outcome.refused += 1;
            }
        }
        Ok(outcome)
    }
}

/// Reads one answer to its end (by length or chunks); its status.
fn answer(reader: &mut BufReader<TcpStream>) -> io::Result<u16> {
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let status = line
        .split(' ')
        .nth(1)
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| {
            io::Error::new(
                io::ErrorKind::InvalidData,
                format!("not an answer: `{}`", line.trim()),
            )
        })?;
    let mut length = 0;
    let mut chunked = false;
    loop {
        line.clear();
        reader.read_line(&mut line)?;
        let header = line.trim_end().to_ascii_lowercase();
        if header.is_empty() {
            break;
        }
        if let Some(value) = header.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or(0);
        }
        chunked |= header.starts_with("transfer-encoding:") && header.contains("chunked");
    }
    if chunked {
        skip_chunks(reader)?
    } else {
        skip(reader, length)?
    }
    Ok(status)
}

fn skip_chunks(reader: &mut BufReader<TcpStream>) -> io::Result<()> {
    let mut line = String::new();
    loop {
        line.clear();
        reader.read_line(&mut line)?;
        let size = u64::from_str_radix(line.trim(), 16).map_err(io::Error::other)?;
        skip(reader, size + 2)?;
        if size == 0 {
            return Ok(());
        }
    }
}

fn skip(reader: &mut BufReader<TcpStream>, bytes: u64) -> io::Result<()> {
    io::copy(&mut reader.take(bytes), &mut io::sink()).map(drop)
}
