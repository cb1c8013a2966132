//! From values to greys (PS3.3, C.11.2.1.2.1).

/// Which values are seen: the rest is black or white.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    /// The value that becomes middle grey.
    pub centre: f64,
    /// How many values lie between black and white; at least 1.
    pub width: f64,
    /// Black is white.
    pub inverted: bool,
}

impl Window {
    /// The grey of a value.
    #[must_use]
    pub fn grey(self, value: f64) -> u8 {
        let (centre, span) = (self.centre - 0.5, self.width.max(1.0) - 1.0);
        let grey = if value <= centre - span / 2.0 {
            0.0
        } else if value > centre + span / 2.0 {
            255.0
        } else {
            ((value - centre) / span + 0.5) * 255.0
        };
        // Between 0 and 255.
        let grey = grey.round() as u8;
        if self.inverted { 255 - grey } else { grey }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BRAIN: Window = Window { centre: 40.0, width: 80.0, inverted: false };

    #[test]
    fn values_outside_of_the_window_are_black_and_white() {
        assert_eq!([-1000.0, 0.0, 79.0, 3000.0].map(|value| BRAIN.grey(value)), [0, 0, 255, 255]);
        assert_eq!(BRAIN.grey(39.5), 128);
        assert_eq!(BRAIN.grey(20.0), 65);
    }

    #[test]
    fn an_inverted_window_is_its_negative() {
        let negative = Window { inverted: true, ..BRAIN };
        for value in [-7.0, 0.0, 13.0, 40.0, 66.0, 80.0] {
            assert_eq!(negative.grey(value), 255 - BRAIN.grey(value));
        }
    }

    #[test]
    fn a_window_of_one_value_parts_black_from_white() {
        let narrow = Window { centre: 10.0, width: 1.0, inverted: false };
        assert_eq!([9.0, 9.5, 10.0].map(|value| narrow.grey(value)), [0, 0, 255]);
        let none = Window { centre: 10.0, width: -5.0, inverted: false };
        assert_eq!([9.0, 10.0].map(|value| none.grey(value)), [0, 255]);
    }

    #[test]
    fn numbers_that_are_none_draw_something() {
        let strange = Window { centre: f64::NAN, width: f64::INFINITY, inverted: false };
        let _any: [u8; 2] = [f64::NAN, 1.0].map(|value| strange.grey(value));
    }
}
