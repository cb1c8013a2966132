use medkey_dicom::{Dicom, Shape, Window};

use crate::make::{DEFLATED, EXPLICIT, File, IMPLICIT, RLE};

/// From 0 to 255 one to one.
const BYTES: Window = Window { centre: 128.0, width: 256.0, inverted: false };

fn shape(file: &Dicom) -> Shape {
    let told = file.told();
    assert_eq!(told.refused, None);
    told.image.unwrap()
}

/// The greys of a frame.
fn greys(file: &mut Dicom, frame: u32, window: Window) -> Vec<u8> {
    let picture = file.picture(frame, window).unwrap();
    assert!(picture.chunks(4).all(|pixel| pixel[0] == pixel[1] && pixel[1] == pixel[2] && pixel[3] == 255));
    picture.chunks(4).map(|pixel| pixel[0]).collect()
}

#[test]
fn bytes_are_drawn_in_each_plain_way_of_writing() {
    for syntax in [IMPLICIT, EXPLICIT, DEFLATED] {
        let file = File::grey(syntax, 3, 2).bytes(&[0, 50, 100, 150, 200, 255]).write();
        let mut file = Dicom::read(file).unwrap();
        assert_eq!((shape(&file).columns, shape(&file).rows), (3, 2));
        assert_eq!(greys(&mut file, 0, BYTES), [0, 50, 100, 150, 200, 255], "{syntax}");
    }
}

#[test]
fn values_are_rescaled_before_they_are_windowed() {
    let file = File::grey(EXPLICIT, 4, 1)
        .wide(false)
        .text((0x0028, 0x1052), "DS", "-1024")
        .text((0x0028, 0x1053), "DS", "2")
        .text((0x0028, 0x1050), "DS", "40\\480")
        .text((0x0028, 0x1051), "DS", "80\\2500")
        .text((0x0028, 0x1055), "LO", "BRAIN\\")
        .words(&[0, 512, 532, 552]);
    let mut read = Dicom::read(file.clone().write()).unwrap();
    let grey = shape(&read).grey.unwrap();
    assert_eq!((grey.low, grey.high), (-1024.0, 80.0));
    let windows: Vec<_> = grey.presets.iter().map(|one| (one.name.as_str(), one.centre, one.width)).collect();
    assert_eq!(windows[..2], [("BRAIN", 40.0, 80.0), ("As in the file, 2", 480.0, 2500.0)]);
    assert_eq!(windows[2].0, "All values");
    assert_eq!(windows.len(), 3, "only CT has windows in Hounsfield units");
    let brain = Window { centre: 40.0, width: 80.0, inverted: false };
    assert_eq!(greys(&mut read, 0, brain), [0, 0, 129, 255]);

    let ct = Dicom::read(file.text((0x0008, 0x0060), "CS", "CT").write()).unwrap();
    let names: Vec<String> = shape(&ct).grey.unwrap().presets.into_iter().map(|one| one.name).collect();
    assert_eq!(names[3..], ["Brain", "Bone", "Lung", "Soft tissue"]);
}

#[test]
fn values_with_a_sign_and_unused_bits() {
    let file = File::grey(EXPLICIT, 3, 1).wide(true).words(&[-1000, 0, 1000]).write();
    let grey = shape(&Dicom::read(file).unwrap()).grey.unwrap();
    assert_eq!((grey.low, grey.high), (-1000.0, 1000.0));

    // Of 12 bits the highest is the sign; what stands above is of no matter.
    let file = File::grey(EXPLICIT, 3, 1).wide(true).short((0x0028, 0x0101), 12).short((0x0028, 0x0102), 11);
    let file = file.words(&[0x0fff, 0x7001, 0x0800]).write();
    let grey = shape(&Dicom::read(file).unwrap()).grey.unwrap();
    assert_eq!((grey.low, grey.high), (-2048.0, 1.0));
}

#[test]
fn what_is_no_part_of_the_image_does_not_widen_its_range() {
    let file = File::grey(EXPLICIT, 3, 1).wide(true).put((0x0028, 0x0120), "SS", (-2000_i16).to_le_bytes().to_vec());
    let grey = shape(&Dicom::read(file.words(&[-2000, 10, 20]).write()).unwrap()).grey.unwrap();
    assert_eq!((grey.low, grey.high), (10.0, 20.0));
}

#[test]
fn the_smallest_value_may_be_white() {
    let file = File::grey(EXPLICIT, 3, 1).text((0x0028, 0x0004), "CS", "MONOCHROME1").bytes(&[0, 100, 255]).write();
    let mut file = Dicom::read(file).unwrap();
    assert_eq!(greys(&mut file, 0, BYTES), [255, 155, 0]);
    assert_eq!(greys(&mut file, 0, Window { inverted: true, ..BYTES }), [0, 100, 255]);
}

#[test]
fn each_frame_is_its_own() {
    let file = File::grey(EXPLICIT, 2, 1).text((0x0028, 0x0008), "IS", "3").bytes(&[1, 2, 3, 4, 5, 6]).write();
    let mut file = Dicom::read(file).unwrap();
    assert_eq!(shape(&file).frames, 3);
    for (frame, pixels) in [(2, [5, 6]), (0, [1, 2]), (1, [3, 4])] {
        assert_eq!(greys(&mut file, frame, BYTES), pixels);
    }
    assert!(file.picture(3, BYTES).is_err());
}

#[test]
fn colours_side_by_side_in_planes_and_as_brightness() {
    let colour = |said, planar, bytes: &[u8]| {
        let file = File::grey(EXPLICIT, 2, 1)
            .short((0x0028, 0x0002), 3)
            .text((0x0028, 0x0004), "CS", said)
            .short((0x0028, 0x0006), planar)
            .bytes(bytes)
            .write();
        let mut file = Dicom::read(file).unwrap();
        assert_eq!(shape(&file).grey, None);
        file.picture(0, BYTES).unwrap()
    };
    let expected = [1, 2, 3, 255, 4, 5, 6, 255];
    assert_eq!(colour("RGB", 0, &[1, 2, 3, 4, 5, 6]), expected);
    assert_eq!(colour("RGB", 1, &[1, 4, 2, 5, 3, 6]), expected);
    // White, and the red of BT.601.
    assert_eq!(colour("YBR_FULL", 0, &[255, 128, 128, 76, 85, 255]), [255, 255, 255, 255, 254, 0, 0, 255]);
}

#[test]
fn colours_by_number() {
    let table =
        |shift: u16| (0..4_u16).flat_map(|number| ((number * 10 + shift) << 8).to_le_bytes()).collect::<Vec<u8>>();
    let descriptor = || [4_u16, 1, 16].iter().flat_map(|number| number.to_le_bytes()).collect::<Vec<u8>>();
    let file = File::grey(EXPLICIT, 4, 1)
        .text((0x0028, 0x0004), "CS", "PALETTE COLOR")
        .put((0x0028, 0x1101), "US", descriptor())
        .put((0x0028, 0x1102), "US", descriptor())
        .put((0x0028, 0x1103), "US", descriptor())
        .put((0x0028, 0x1201), "OW", table(0))
        .put((0x0028, 0x1202), "OW", table(1))
        .put((0x0028, 0x1203), "OW", table(2))
        .bytes(&[0, 1, 2, 200])
        .write();
    let picture = Dicom::read(file).unwrap().picture(0, BYTES).unwrap();
    assert_eq!(picture, [0, 1, 2, 255, 0, 1, 2, 255, 10, 11, 12, 255, 30, 31, 32, 255]);
}

#[test]
fn run_lengths_of_one_and_of_two_bytes() {
    let segments = |segments: &[&[u8]]| {
        let mut part = (segments.len() as u32).to_le_bytes().to_vec();
        let mut start = 64;
        for at in 0..15 {
            part.extend_from_slice(&(segments.get(at).map_or(0, |_| start) as u32).to_le_bytes());
            start += segments.get(at).map_or(0, |segment| segment.len());
        }
        part.extend(segments.concat());
        part
    };
    let first = segments(&[&[0xfd, 7]]);
    let second = segments(&[&[3, 1, 2, 3, 4]]);
    let file = File::grey(RLE, 2, 2).text((0x0028, 0x0008), "IS", "2").parts(&[&first, &second]).write();
    let mut file = Dicom::read(file).unwrap();
    assert_eq!(greys(&mut file, 0, BYTES), [7, 7, 7, 7]);
    assert_eq!(greys(&mut file, 1, BYTES), [1, 2, 3, 4]);

    // The high bytes come first: -2, 0, 258, 3.
    let wide = segments(&[&[3, 0xff, 0, 1, 0], &[3, 0xfe, 0, 2, 3]]);
    let file = File::grey(RLE, 2, 2).wide(true).parts(&[&wide]).write();
    let grey = shape(&Dicom::read(file).unwrap()).grey.unwrap();
    assert_eq!((grey.low, grey.high), (-2.0, 258.0));
}
