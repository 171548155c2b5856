//! Making an archive.

use miniz_oxide::deflate::compress_to_vec;

use crate::{CENTRAL, DEFLATED, END, File, LOCAL, UTF8, VERSION, checksum::crc32};

/// The archive of these files, in their order. The same files give the same bytes: times are those of 1980.
#[must_use]
pub fn write(files: &[File]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut directory = Vec::new();
    for file in files {
        let packed = compress_to_vec(&file.bytes, LEVEL);
        let offset = length(&out);
        let mut described = Vec::new();
        short(&mut described, VERSION);
        short(&mut described, UTF8);
        short(&mut described, DEFLATED);
        short(&mut described, MIDNIGHT);
        short(&mut described, FIRST_DAY);
        long(&mut described, crc32(&file.bytes));
        long(&mut described, length(&packed));
        long(&mut described, length(&file.bytes));
        short(
            &mut described,
            u16::try_from(file.path.len()).unwrap_or(u16::MAX),
        );
        short(&mut described, 0);
        long(&mut out, LOCAL);
        out.extend_from_slice(&described);
        out.extend_from_slice(file.path.as_bytes());
        out.extend_from_slice(&packed);
        long(&mut directory, CENTRAL);
        short(&mut directory, VERSION);
        directory.extend_from_slice(&described);
        // Comment, disk, internal and external attributes: none.
        directory.extend_from_slice(&[0; 10]);
        long(&mut directory, offset);
        directory.extend_from_slice(file.path.as_bytes());
    }
    let offset = length(&out);
    out.extend_from_slice(&directory);
    let count = u16::try_from(files.len()).unwrap_or(u16::MAX);
    long(&mut out, END);
    out.extend_from_slice(&[0; 4]);
    short(&mut out, count);
    short(&mut out, count);
    long(&mut out, length(&directory));
    long(&mut out, offset);
    short(&mut out, 0);
    out
}

fn short(out: &mut Vec<u8>, number: u16) {
    out.extend_from_slice(&number.to_le_bytes());
}

fn long(out: &mut Vec<u8>, number: u32) {
    out.extend_from_slice(&number.to_le_bytes());
}

/// Callers keep archives far below 4 GiB.
fn length(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.len()).unwrap_or(u32::MAX)
}

const LEVEL: u8 = 6;
const MIDNIGHT: u16 = 0;
/// 1 January 1980.
const FIRST_DAY: u16 = 0x21;
