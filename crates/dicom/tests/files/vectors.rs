//! Real files, where they are: `MEDKEY_EXTRA_VECTORS` names the folder that holds `dicom/`.

use std::{env, fs, path::PathBuf};

use medkey_dicom::{Dicom, Window};
use sha2::{Digest, Sha256};

fn read(path: PathBuf) -> Dicom {
    Dicom::read(fs::read(path).unwrap()).unwrap()
}

/// The greys of the first frame in the first window that is offered, and their digest.
fn first(file: &mut Dicom) -> (Vec<u8>, String) {
    let preset = file.told().image.unwrap().grey.unwrap().presets.swap_remove(0);
    let window = Window { centre: preset.centre, width: preset.width, inverted: false };
    let greys: Vec<u8> = file.picture(0, window).unwrap().chunks(4).map(|pixel| pixel[0]).collect();
    let digest = Sha256::digest(&greys).iter().map(|byte| format!("{byte:02x}")).collect();
    (greys, digest)
}

#[test]
fn a_head_of_the_tests() {
    let mut file = read(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../e2e/files/head-ct.dcm"));
    let told = file.told();
    assert_eq!(told.refused, None);
    assert_eq!(told.about.patient.as_deref(), Some("Amara Osei"));
    assert_eq!(told.about.born.as_deref(), Some("1971-05-04"));
    assert_eq!(told.about.studied.as_deref(), Some("2025-11-18"));
    assert_eq!(told.about.study.as_deref(), Some("CT head"));
    let image = told.image.unwrap();
    assert_eq!((image.columns, image.rows, image.frames, image.aspect), (128, 128, 1, 1.0));
    let grey = image.grey.unwrap();
    assert_eq!((grey.low, grey.high), (-1000.0, 200.0));
    assert_eq!(grey.presets[0].name, "As in the file");
    assert_eq!(grey.presets.len(), 6);
    let (greys, _) = first(&mut file);
    assert_eq!([greys[0], greys[128 * 64 + 64]], [0, 129]);
}

/// `MR_small.dcm`, however it is written.
const MR_SMALL: &str = "38ab8d87e706bf8d3b976e0afbf8d214c544c82a0092169ead1512024257e0f0";

fn vector(name: &str) -> Dicom {
    read(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("vectors").join(name))
}

#[test]
fn an_image_is_the_same_in_each_way_of_writing() {
    for way in ["implicit", "bigendian", "RLE", "jp2klossless"] {
        let mut file = vector(&format!("MR_small_{way}.dcm"));
        assert_eq!(first(&mut file).1, MR_SMALL, "{way}");
    }
    let told = vector("MR_small_jpeg_ls_lossless.dcm").told();
    assert!(told.refused.unwrap().contains("JPEG-LS Lossless"));
    assert_eq!(told.about.modality.as_deref(), Some("MR"));
}

#[test]
fn colours_in_jpeg_and_in_run_lengths() {
    const ANY: Window = Window { centre: 128.0, width: 256.0, inverted: false };
    let mut lossy = vector("SC_rgb_jpeg_dcmtk.dcm");
    let mut exact = vector("SC_rgb_rle_2frame.dcm");
    assert_eq!(exact.told().image.unwrap().frames, 2);
    let (lossy, first) = (lossy.picture(0, ANY).unwrap(), exact.picture(0, ANY).unwrap());
    // Stripes of red, green, blue and their mixtures; the first pixel is red, the last white.
    assert_eq!((first[..4].to_vec(), first.len()), (vec![255, 0, 0, 255], 4 * 100 * 100));
    assert!(lossy.iter().zip(&first).all(|(one, other)| one.abs_diff(*other) <= 8));
    // The second frame is its negative.
    let second = exact.picture(1, ANY).unwrap();
    assert_eq!(second[..4], [0, 255, 255, 255]);
}

#[test]
fn real_images_have_the_pixels_that_they_should() {
    let Some(folder) = env::var_os("MEDKEY_EXTRA_VECTORS") else { return };
    let folder = PathBuf::from(folder).join("dicom");
    for (name, size, ends, window, digest) in [
        (
            "CT_small.dcm",
            (128, 128),
            (-896.0, 1167.0),
            "All values",
            "93a18f934884c6cf75086fd23607815aedbbff48950bbc5bf9b5638304cb0000",
        ),
        (
            "MR_small.dcm",
            (64, 64),
            (127.0, 2145.0),
            "As in the file",
            "38ab8d87e706bf8d3b976e0afbf8d214c544c82a0092169ead1512024257e0f0",
        ),
    ] {
        let mut file = read(folder.join(name));
        let image = file.told().image.unwrap();
        assert_eq!((image.columns, image.rows), size, "{name}");
        let grey = image.grey.unwrap();
        assert_eq!((grey.low, grey.high), ends, "{name}");
        assert_eq!(grey.presets[0].name, window, "{name}");
        assert_eq!(first(&mut file).1, digest, "{name}");
    }
}
