//! Reads QR codes in pictures.
//!
//! What a camera sees comes from anywhere, and the reader has stumbled over plain photographs before. So in the page all
//! of it runs in a worker, where no key is: a picture that is too much for it takes only the worker with it.

/// The text of the first code that reads in a picture of this width, given as red, green, blue and opacity of each pixel.
#[must_use]
pub fn read_code(pixels: &[u8], width: usize) -> Option<String> {
    let height = pixels.len().checked_div(width.checked_mul(4)?)?;
    if height == 0 {
        return None;
    }
    let bright = |x: usize, y: usize| match pixels.get(4 * (y * width + x)..) {
        Some([red, green, blue, ..]) => {
            let sum = 299 * u32::from(*red) + 587 * u32::from(*green) + 114 * u32::from(*blue);
            u8::try_from(sum / 1000).unwrap_or(u8::MAX)
        }
        _ => u8::MAX,
    };
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, height, bright);
    let grids = image.detect_grids();
    grids.iter().find_map(|grid| grid.decode().ok()).map(|(_, text)| text)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "what fails here fails the test")]

    use super::*;

    const TEXT: &str = "MEDKEY-PATIENT:1:31337:C0C0C0C0C0C0C0C0C0C0C0C0C0C0C0C0C0C0C0C0:\
                        0101010101010101010101010101010101010101:FINCH-MOSAIC-ROBIN-70";

    /// A picture with the code at this place, each square so many pixels wide.
    fn picture((width, height): (usize, usize), (left, top): (usize, usize), square: usize, ink: [u8; 3]) -> Vec<u8> {
        let code = fast_qr::QRBuilder::new(TEXT).build().unwrap();
        let mut pixels = vec![0xff; 4 * width * height];
        for (y, x) in (0..code.size * square).flat_map(|y| (0..code.size * square).map(move |x| (y, x))) {
            if code[y / square][x / square].value() {
                let at = 4 * ((top + y) * width + left + x);
                pixels[at..at + 3].copy_from_slice(&ink);
            }
        }
        pixels
    }

    #[test]
    fn a_code_is_read_wherever_it_is_in_a_picture() {
        for (edges, place, square, ink) in [
            ((640, 480), (40, 30), 6, [0, 0, 0]),
            ((480, 640), (200, 380), 4, [0x17, 0x21, 0x1d]),
            ((400, 400), (20, 20), 3, [0x0a, 0x66, 0x50]),
        ] {
            let pixels = picture(edges, place, square, ink);
            assert_eq!(read_code(&pixels, edges.0).as_deref(), Some(TEXT), "{edges:?} {place:?}");
        }
    }

    #[test]
    fn where_there_is_no_code_nothing_is_read() {
        assert_eq!(read_code(&[], 0), None);
        assert_eq!(read_code(&[], 640), None);
        assert_eq!(read_code(&[0xff; 12], 4), None, "less than a row");
        assert_eq!(read_code(&vec![0x80; 4 * 640 * 480], 640), None);
        // Half of a code.
        let mut pixels = picture((640, 480), (40, 30), 6, [0, 0, 0]);
        pixels[4 * 640 * 180..].fill(0xff);
        assert_eq!(read_code(&pixels, 640), None);
    }
}
