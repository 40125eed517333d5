//! What can go wrong, for the person at the terminal.

/// With all causes in one line.
#[derive(Debug)]
pub(crate) struct Error(String);

impl Error {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }

    pub(crate) fn of(error: &dyn std::error::Error) -> Self {
        let mut text = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            // Some errors tell their cause already.
            let told = cause.to_string();
            if !text.ends_with(&told) {
                text.push_str(": ");
                text.push_str(&told);
            }
            source = cause.source();
        }
        Self(text)
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl<E: std::error::Error> From<E> for Error {
    fn from(error: E) -> Self {
        Self::of(&error)
    }
}

/// A file's text.
pub(crate) fn read(file: &std::path::Path) -> Result<String, Error> {
    std::fs::read_to_string(file)
        .map_err(|error| Error::new(format!("cannot read {}: {error}", file.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Failed(&'static str, Option<&'static Self>);

    impl std::fmt::Display for Failed {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(self.0)
        }
    }

    impl std::error::Error for Failed {
        fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
            self.1.map(|cause| cause as &dyn std::error::Error)
        }
    }

    #[test]
    fn a_cause_is_told_once() {
        static CLOSED: Failed = Failed("closed", None);
        for text in ["cannot open", "cannot open: closed"] {
            let told = Error::of(&Failed(text, Some(&CLOSED))).to_string();
            assert_eq!(told, "cannot open: closed");
        }
    }
}
