//! ZIP archives in memory (APPNOTE 6.3.10, without encryption, ZIP64 and several disks).
//!
//! [`write`] makes an archive of files; [`read`] takes one apart, and believes nothing that it says of itself: sizes are
//! bounded before anything is unpacked, content is compared with its checksum, and a path that leads out of the archive
//! is refused.

#![warn(missing_docs)]

mod checksum;
mod read;
mod write;

pub use read::{Bounds, Fault, read};
pub use write::write;

/// A file of an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Names from the outside in, with `/` between.
    pub path: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

const LOCAL: u32 = 0x0403_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;
const DEFLATED: u16 = 8;
const STORED: u16 = 0;
/// The version that deflate and folders need.
const VERSION: u16 = 20;
/// Names are UTF-8.
const UTF8: u16 = 1 << 11;
/// Content is encrypted.
const ENCRYPTED: u16 = 1;

#[cfg(test)]
mod tests;
