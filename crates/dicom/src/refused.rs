//! Why something is not shown, as a sentence for the person who wanted to see it.

/// What cannot be shown.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Not one element could be read.
    #[error("This is not a DICOM file, or it is damaged.")]
    NotDicom,
    /// A report, a plan, a waveform.
    #[error("There is no image in this DICOM file. What its header says is shown below.")]
    NoImage,
    /// A compression that nothing here decodes.
    #[error("The image is compressed as {0}, which cannot be shown here.")]
    Compression(String),
    /// A way of storing pixels that nothing here reads.
    #[error("The pixels of this image are stored in a way that cannot be shown here.")]
    Layout,
    /// More than fits.
    #[error("The file says that its image has {columns} × {rows} pixels. That is too large to be shown here.")]
    TooLarge {
        /// The width that it says.
        columns: u16,
        /// The height that it says.
        rows: u16,
    },
    /// More frames than anybody looks at.
    #[error("The file says that it holds {0} images. That is too many to be shown here.")]
    TooMany(u32),
    /// There are fewer bytes than the header says.
    #[error("The file ends before its image does. Parts of it are missing.")]
    Truncated,
    /// The decoder stumbled.
    #[error("The image is damaged and cannot be drawn.")]
    Damaged,
}
