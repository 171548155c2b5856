//! Taking an archive apart.

use miniz_oxide::inflate::decompress_to_vec_with_limit;

use crate::{CENTRAL, DEFLATED, ENCRYPTED, END, File, LOCAL, STORED, checksum::crc32};

/// What an archive may hold at the most.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Files and folders.
    pub files: usize,
    /// Bytes of all files together, unpacked.
    pub bytes: usize,
}

/// Why an archive is not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// There is no directory of an archive in it.
    NotAnArchive,
    /// Its directory or a file does not fit into it.
    Broken,
    /// It holds more files than it may.
    TooManyFiles,
    /// Its files have more bytes than they may.
    TooLarge,
    /// It needs what is not read here: encryption, ZIP64, another compression.
    Unsupported(&'static str),
    /// A path that leads out of the archive, or is there twice.
    Path(String),
    /// A file is not what its checksum says.
    Checksum(String),
}

impl std::fmt::Display for Fault {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotAnArchive => write!(out, "is no ZIP archive"),
            Self::Broken => write!(out, "is a ZIP archive that is cut off or broken"),
            Self::TooManyFiles => write!(out, "holds too many files"),
            Self::TooLarge => write!(out, "is too large when it is unpacked"),
            Self::Unsupported(what) => write!(out, "uses {what}, which is not read here"),
            Self::Path(path) => write!(
                out,
                "has a path that is not taken: `{}`",
                path.escape_debug()
            ),
            Self::Checksum(path) => write!(out, "has a file that is damaged: `{path}`"),
        }
    }
}

/// The files of an archive, folders left out, in the order of its directory.
///
/// # Errors
/// The first fault.
pub fn read(archive: &[u8], bounds: Bounds) -> Result<Vec<File>, Fault> {
    let (count, offset) = end(archive)?;
    if count > bounds.files {
        return Err(Fault::TooManyFiles);
    }
    let mut at = offset;
    let mut left = bounds.bytes;
    let mut files: Vec<File> = Vec::new();
    for _ in 0..count {
        let (entry, next) = Entry::read(archive, at)?;
        at = next;
        if entry.path.ends_with('/') {
            continue;
        }
        if !is_inside(&entry.path) || files.iter().any(|file| file.path == entry.path) {
            return Err(Fault::Path(entry.path));
        }
        let bytes = entry.unpack(archive, left)?;
        left -= bytes.len();
        files.push(File {
            path: entry.path,
            bytes,
        });
    }
    Ok(files)
}

/// How many entries there are, and where their directory begins.
fn end(archive: &[u8]) -> Result<(usize, usize), Fault> {
    let last = archive
        .len()
        .checked_sub(END_BYTES)
        .ok_or(Fault::NotAnArchive)?;
    let first = last.saturating_sub(usize::from(u16::MAX));
    let at = (first..=last)
        .rev()
        .find(|at| long(archive, *at) == Ok(END))
        .ok_or(Fault::NotAnArchive)?;
    let (disk, count) = (short(archive, at + 4)?, short(archive, at + 10)?);
    let offset = long(archive, at + 16)?;
    if disk != 0 || short(archive, at + 8)? != count {
        return Err(Fault::Unsupported("several disks"));
    }
    if count == u16::MAX || offset == u32::MAX {
        return Err(Fault::Unsupported("ZIP64"));
    }
    Ok((usize::from(count), size(offset)?))
}

struct Entry {
    path: String,
    flags: u16,
    method: u16,
    checksum: u32,
    packed: usize,
    unpacked: usize,
    local: usize,
}

impl Entry {
    /// The entry of the directory at `at`, and where the next one begins.
    fn read(archive: &[u8], at: usize) -> Result<(Self, usize), Fault> {
        if long(archive, at)? != CENTRAL {
            return Err(Fault::Broken);
        }
        let name = usize::from(short(archive, at + 28)?);
        let rest = usize::from(short(archive, at + 30)?) + usize::from(short(archive, at + 32)?);
        let path = part(archive, at + 46, name)?;
        let path = String::from_utf8(path.to_vec()).map_err(|_| Fault::Path("?".to_owned()))?;
        let entry = Self {
            path,
            flags: short(archive, at + 8)?,
            method: short(archive, at + 10)?,
            checksum: long(archive, at + 16)?,
            packed: size(long(archive, at + 20)?)?,
            unpacked: size(long(archive, at + 24)?)?,
            local: size(long(archive, at + 42)?)?,
        };
        Ok((entry, at + 46 + name + rest))
    }

    fn unpack(&self, archive: &[u8], most: usize) -> Result<Vec<u8>, Fault> {
        if self.flags & ENCRYPTED != 0 {
            return Err(Fault::Unsupported("encryption"));
        }
        if self.unpacked > most {
            return Err(Fault::TooLarge);
        }
        if long(archive, self.local)? != LOCAL {
            return Err(Fault::Broken);
        }
        let name = usize::from(short(archive, self.local + 26)?);
        let extra = usize::from(short(archive, self.local + 28)?);
        let packed = part(archive, self.local + 30 + name + extra, self.packed)?;
        let bytes = match self.method {
            STORED => packed.to_vec(),
            // Not a byte more than announced, whatever is packed.
            DEFLATED => decompress_to_vec_with_limit(packed, self.unpacked)
                .map_err(|_| Fault::Checksum(self.path.clone()))?,
            _ => return Err(Fault::Unsupported("another compression than deflate")),
        };
        if bytes.len() != self.unpacked || crc32(&bytes) != self.checksum {
            return Err(Fault::Checksum(self.path.clone()));
        }
        Ok(bytes)
    }
}

/// Whether a path stays inside, whoever unpacks it.
fn is_inside(path: &str) -> bool {
    !path.is_empty()
        && path.len() <= PATH_BYTES
        && !path
            .chars()
            .any(|one| one.is_control() || one == '\\' || one == ':')
        && path
            .split('/')
            .all(|segment| !matches!(segment, "" | "." | ".."))
}

fn part(archive: &[u8], at: usize, bytes: usize) -> Result<&[u8], Fault> {
    let end = at.checked_add(bytes).ok_or(Fault::Broken)?;
    archive.get(at..end).ok_or(Fault::Broken)
}

fn short(archive: &[u8], at: usize) -> Result<u16, Fault> {
    let bytes = part(archive, at, 2)?
        .try_into()
        .map_err(|_| Fault::Broken)?;
    Ok(u16::from_le_bytes(bytes))
}

fn long(archive: &[u8], at: usize) -> Result<u32, Fault> {
    let bytes = part(archive, at, 4)?
        .try_into()
        .map_err(|_| Fault::Broken)?;
    Ok(u32::from_le_bytes(bytes))
}

fn size(number: u32) -> Result<usize, Fault> {
    usize::try_from(number).map_err(|_| Fault::TooLarge)
}

const END_BYTES: usize = 22;
const PATH_BYTES: usize = 500;
