use super::*;

const BOUNDS: Bounds = Bounds {
    files: 10,
    bytes: 10_000,
};

fn file(path: &str, bytes: &[u8]) -> File {
    File {
        path: path.to_owned(),
        bytes: bytes.to_vec(),
    }
}

#[test]
fn what_is_written_is_read_again() {
    let files = [
        file(
            "Pets-1.0.0/api.yaml",
            "type: api\nname: Zoë\n".repeat(50).as_bytes(),
        ),
        file("Pets-1.0.0/Image/icon.png", &[0, 255, 7]),
        file("Pets-1.0.0/empty", b""),
    ];
    let archive = write(&files);
    assert_eq!(read(&archive, BOUNDS), Ok(files.to_vec()));
    assert_eq!(archive, write(&files));
}

#[test]
fn paths_do_not_lead_out() {
    for path in [
        "../up",
        "a/../../b",
        "/etc/passwd",
        "a\\b",
        "C:/x",
        "a//b",
        "./a",
        "a\nb",
    ] {
        let archive = write(&[file(path, b"x")]);
        assert_eq!(
            read(&archive, BOUNDS),
            Err(Fault::Path(path.to_owned())),
            "{path}"
        );
    }
    let twice = write(&[file("a", b"1"), file("a", b"2")]);
    assert_eq!(read(&twice, BOUNDS), Err(Fault::Path("a".to_owned())));
}

#[test]
fn nothing_grows_beyond_its_bounds() {
    let bomb = write(&[file("a", &vec![0; 1_000_000])]);
    assert!(bomb.len() < 2_000);
    assert_eq!(read(&bomb, BOUNDS), Err(Fault::TooLarge));
    let two = write(&[file("a", &[7; 6_000]), file("b", &[7; 6_000])]);
    assert_eq!(read(&two, BOUNDS), Err(Fault::TooLarge));
    let many: Vec<File> = (0..11)
        .map(|number| file(&number.to_string(), b""))
        .collect();
    assert_eq!(read(&write(&many), BOUNDS), Err(Fault::TooManyFiles));
}

#[test]
fn an_archive_that_lies_about_its_size_is_damaged() {
    let honest = write(&[file("a", &[7; 5_000])]);
    let at = honest
        .windows(4)
        .position(|four| four == CENTRAL.to_le_bytes())
        .unwrap();
    let mut lying = honest;
    lying[at + 24..at + 28].copy_from_slice(&10_u32.to_le_bytes());
    assert_eq!(read(&lying, BOUNDS), Err(Fault::Checksum("a".to_owned())));
}

/// Whatever is cut off or flipped: an answer, and never a panic.
#[test]
fn damage_is_answered() {
    let whole = write(&[
        file("a/b", b"some words that repeat, some words that repeat"),
        file("c", b"x"),
    ]);
    for end in 0..whole.len() {
        assert!(read(&whole[..end], BOUNDS).is_err(), "{end}");
    }
    for at in 0..whole.len() {
        for bit in 0..8 {
            let mut damaged = whole.clone();
            damaged[at] ^= 1 << bit;
            let _ = read(&damaged, BOUNDS);
        }
    }
    assert_eq!(read(b"PK", BOUNDS), Err(Fault::NotAnArchive));
    assert_eq!(read(&[0; 100], BOUNDS), Err(Fault::NotAnArchive));
}
