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

/// What strangers wrote, in one line, without power over the terminal, and so that no two texts look
/// alike for what cannot be seen: control characters, line ends, what turns the direction of a text,
/// other spaces than the usual one and what is invisible as escapes; a backslash as two.
pub(crate) fn printable(text: &str) -> String {
    // Quotes are no danger here. Each stands behind the backslash that escapes it.
    let escaped = text.escape_debug().to_string();
    let escaped = escaped.replace("\\\"", "\"").replace("\\'", "'");
    let mut shown = String::with_capacity(escaped.len());
    for char in escaped.chars() {
        if is_invisible(char) {
            shown.extend(char.escape_unicode());
        } else {
            shown.push(char);
        }
    }
    shown
}

/// What the standard library takes for letters and marks, but nobody sees: those of Unicode's
/// `Default_Ignorable_Code_Point` that are no format characters, and an empty pattern of Braille.
fn is_invisible(char: char) -> bool {
    matches!(
        char,
        '\u{34f}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{2800}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{ffa0}'
            | '\u{e0100}'..='\u{e01ef}'
    )
}

#[cfg(test)]
mod tests {
    use super::printable;

    #[test]
    fn what_nobody_sees_is_escaped() {
        for char in [
            '\u{0}'..='\u{1f}',
            '\u{7f}'..='\u{a0}',
            '\u{ad}'..='\u{ad}',
            '\u{34f}'..='\u{34f}',
            '\u{600}'..='\u{605}',
            '\u{61c}'..='\u{61c}',
            '\u{115f}'..='\u{1160}',
            '\u{1680}'..='\u{1680}',
            '\u{17b4}'..='\u{17b5}',
            '\u{180b}'..='\u{180f}',
            '\u{2000}'..='\u{200f}',
            '\u{2028}'..='\u{202f}',
            '\u{205f}'..='\u{206f}',
            '\u{2800}'..='\u{2800}',
            '\u{3000}'..='\u{3000}',
            '\u{3164}'..='\u{3164}',
            '\u{e000}'..='\u{e000}',
            '\u{fe00}'..='\u{fe0f}',
            '\u{feff}'..='\u{feff}',
            '\u{ffa0}'..='\u{ffa0}',
            '\u{fff9}'..='\u{fffb}',
            '\u{1d173}'..='\u{1d17a}',
            '\u{e0000}'..='\u{e0fff}',
        ]
        .into_iter()
        .flatten()
        {
            let shown = printable(&format!("a{char}b"));
            let code = u32::from(char);
            assert!(shown.is_ascii(), "{code:x} {shown}");
            assert!(shown.starts_with("a\\") && shown.ends_with('b'), "{code:x}");
        }
    }

    #[test]
    fn what_was_written_can_be_told_from_what_was_escaped() {
        assert_eq!(printable("\u{202e}"), r"\u{202e}");
        assert_eq!(printable(r"\u{202e}"), r"\\u{202e}");
        assert_eq!(printable("a\n"), r"a\n");
        assert_eq!(printable(r"a\n"), r"a\\n");
        assert_eq!(printable(r#"\"'\'"#), r#"\\"'\\'"#);
    }

    #[test]
    fn what_people_write_stays() {
        for text in [
            "it's \"quoted\" 100 %",
            "Zo\u{eb} e\u{301}",
            "\u{939}\u{93f}\u{928}\u{94d}\u{926}\u{940} \u{627}\u{644}\u{639} \u{65e5}\u{672c} \u{1f600}",
        ] {
            assert_eq!(printable(text), text);
        }
    }
}
