use medkey_dicom::{Dicom, Refused};

use crate::make::{DEFLATED, EXPLICIT, File, IMPLICIT, JPEG_LS, RLE, element, framed, item};

const PIXELS: [u8; 4] = [0, 1, 2, 3];

fn refused(file: File) -> String {
    let told = Dicom::read(file.write()).unwrap().told();
    assert_eq!(told.image, None);
    assert!(!told.header.is_empty(), "the header is shown all the same");
    told.refused.unwrap()
}

fn small() -> File {
    File::grey(EXPLICIT, 2, 2).bytes(&PIXELS)
}

#[test]
fn what_is_not_dicom_is_refused() {
    for bytes in [Vec::new(), b"%PDF-1.7".to_vec(), vec![0; 132], vec![0xff; 4096], framed(EXPLICIT, &[])] {
        assert_eq!(Dicom::read(bytes).err(), Some(Refused::NotDicom));
    }
}

#[test]
fn sizes_that_cannot_be_are_refused_before_anything_is_allocated() {
    let huge = small().short((0x0028, 0x0010), 65_535).short((0x0028, 0x0011), 65_535);
    assert_eq!(refused(huge), Refused::TooLarge { columns: 65_535, rows: 65_535 }.to_string());
    let compressed = File::grey(RLE, 65_535, 65_535).parts(&[&[0; 64]]);
    assert_eq!(refused(compressed), Refused::TooLarge { columns: 65_535, rows: 65_535 }.to_string());
    let many = small().text((0x0028, 0x0008), "IS", "4294967295");
    assert_eq!(refused(many), Refused::TooMany(u32::MAX).to_string());
    let more = small().text((0x0028, 0x0008), "IS", "99999999999999999999");
    assert_eq!(refused(more), Refused::Layout.to_string());
    // Each is allowed by itself, all of it is not there.
    let beyond =
        small().short((0x0028, 0x0010), 5000).short((0x0028, 0x0011), 5000).text((0x0028, 0x0008), "IS", "20000");
    assert_eq!(refused(beyond), Refused::Truncated.to_string());
}

#[test]
fn pixels_that_make_no_sense_are_refused() {
    let cases = [
        small().short((0x0028, 0x0010), 0),
        small().text((0x0028, 0x0008), "IS", "0"),
        small().text((0x0028, 0x0008), "IS", "-1"),
        small().short((0x0028, 0x0100), 12),
        small().short((0x0028, 0x0100), 32),
        small().short((0x0028, 0x0101), 9),
        small().short((0x0028, 0x0101), 0),
        small().short((0x0028, 0x0102), 65_535),
        small().short((0x0028, 0x0002), 65_535),
        small().text((0x0028, 0x0004), "CS", "RGB"),
        small().text((0x0028, 0x0004), "CS", "PALETTE COLOR"),
        small().text((0x0028, 0x0004), "CS", "<img src=x>"),
    ];
    for case in cases {
        assert_eq!(refused(case), Refused::Layout.to_string());
    }
}

#[test]
fn what_is_missing_is_said() {
    let short = small().bytes(&PIXELS[..2]);
    assert_eq!(refused(short), Refused::Truncated.to_string());
    let frames = small().text((0x0028, 0x0008), "IS", "2");
    assert_eq!(refused(frames), Refused::Truncated.to_string());
    // Cut anywhere, it is refused or shows what is there; it never panics.
    let whole = small().write();
    for length in 0..whole.len() {
        let _either = Dicom::read(whole[..length].to_vec()).map(|file| file.told());
    }
    let told = Dicom::read(whole[..whole.len() - 1].to_vec()).unwrap().told();
    assert_eq!(told.refused, Some(Refused::Truncated.to_string()));
}

#[test]
fn a_flipped_byte_never_panics() {
    for syntax in [IMPLICIT, EXPLICIT] {
        let whole = File::grey(syntax, 2, 2).bytes(&PIXELS).write();
        for at in 132..whole.len() {
            for flip in [0x01, 0x80, 0xff] {
                let mut changed = whole.clone();
                changed[at] ^= flip;
                let _either = Dicom::read(changed).map(|file| file.told());
            }
        }
    }
}

#[test]
fn lengths_beyond_the_file_allocate_nothing() {
    for (vr, tag) in [("OB", (0x0009, 0x0010)), ("UN", (0x0009, 0x0010)), ("OW", (0x7fe0, 0x0010))] {
        let mut data = Vec::new();
        element(&mut data, (0x0010, 0x0010), "PN", 4, true);
        data.extend_from_slice(b"Osei");
        element(&mut data, tag, vr, u32::MAX - 1, true);
        let told = Dicom::read(framed(EXPLICIT, &data)).unwrap().told();
        assert_eq!(told.header.last().unwrap().value, "Osei");
        assert_eq!(told.refused, Some(Refused::NoImage.to_string()));
    }
}

#[test]
fn sequences_in_sequences_do_not_exhaust_the_stack() {
    let mut data = Vec::new();
    for _ in 0..50_000 {
        element(&mut data, (0x0008, 0x1140), "SQ", u32::MAX, true);
        item(&mut data, 0xe000, u32::MAX);
    }
    let told = Dicom::read(framed(EXPLICIT, &data)).unwrap().told();
    assert!(told.header.len() < 20);
}

#[test]
fn a_header_without_end_is_cut() {
    let mut data = Vec::new();
    for number in 0..60_000 {
        element(&mut data, (0x0009, number), "LO", 0, true);
    }
    assert!(Dicom::read(framed(EXPLICIT, &data)).unwrap().told().header.len() < 4010);
}

#[test]
fn what_inflates_without_end_is_cut() {
    // 200 million zeros, as 200 KB: elements with the tag (0000,0000) and no length.
    let zeros = vec![0_u8; 200 << 20];
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut encoder, &zeros).unwrap();
    drop(zeros);
    let file = framed(DEFLATED, &encoder.finish().unwrap());
    assert!(file.len() < 2 << 20);
    let _either = Dicom::read(file).map(|file| file.told());
}

#[test]
fn a_compression_that_nobody_decodes_is_named() {
    let file = File::grey(JPEG_LS, 2, 2).parts(&[&[1, 2, 3, 4]]);
    assert!(refused(file).contains("JPEG-LS Lossless"));
    let unknown = File::grey("1.2.3.4.5", 2, 2).parts(&[&[1, 2, 3, 4]]);
    assert!(refused(unknown).contains("something unknown"));
}

#[test]
fn broken_compressed_pixels_are_refused() {
    for syntax in [RLE, "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.70", "1.2.840.10008.1.2.4.90"] {
        for part in [&[][..], &[0; 64], &[0xff; 300], b"\xff\xd8\xff\xe0junk", b"\xff\x4f\xff\x51\x00\x29"] {
            refused(File::grey(syntax, 2, 2).parts(&[part]));
        }
        refused(File::grey(syntax, 2, 2).parts(&[]));
        refused(File::grey(syntax, 2, 2).bytes(&PIXELS));
    }
}

#[test]
fn a_name_is_text_and_nothing_else() {
    let name = "<script>alert(1)</script>^<b>";
    let told = Dicom::read(small().text((0x0010, 0x0010), "PN", name).write()).unwrap().told();
    assert_eq!(told.about.patient.as_deref(), Some("<b> <script>alert(1)</script>"));
    let row = told.header.iter().find(|row| row.tag == "(0010,0010)").unwrap();
    assert_eq!((row.name.as_str(), row.value.as_str()), ("Patient Name", name));
}
