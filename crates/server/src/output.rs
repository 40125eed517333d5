//! What commands print. The macros of the standard library panic where nothing can be printed: on
//! a full disk, or behind a reader who left.

use std::{
    fmt::Display,
    io::{self, Write},
};

use crate::error::Error;

/// Prints to standard output, all of it.
pub(crate) fn print(text: impl Display) -> Result<(), Error> {
    let mut out = io::stdout().lock();
    write!(out, "{text}")
        .and_then(|()| out.flush())
        .map_err(|error| Error::new(format!("cannot print: {error}")))
}

/// The same, and a line end.
pub(crate) fn print_line(text: impl Display) -> Result<(), Error> {
    print(format_args!("{text}\n"))
}

/// Prints an error to standard error. Where that fails, the exit code is what is left.
pub(crate) fn complain(error: &Error) {
    let _ = writeln!(io::stderr(), "oauth1: {error}");
}

/// What strangers wrote, in one line, and without power over the terminal: control characters, line
/// ends and what turns the direction of a text as escapes.
pub(crate) fn printable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}' => {
                shown.extend(char.escape_unicode());
            }
            control if control.is_control() => shown.extend(control.escape_default()),
            other => shown.push(other),
        }
    }
    shown
}
