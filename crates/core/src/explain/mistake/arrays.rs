//! Names of arrays: `a[]`, `a[0]` or `a` again and again, by what serialises them, and by what signs.

use super::List;
use crate::explain::model::Model;

/// How arrays are named.
#[derive(Clone, Copy)]
enum Style {
    /// `a` and `a`.
    Bare,
    /// `a[]` and `a[]`.
    Brackets,
    /// `a[0]` and `a[1]`.
    Numbers,
}

pub(super) fn add(list: &mut List) {
    const CODE: &str = "array_names";
    for style in [Style::Bare, Style::Brackets, Style::Numbers] {
        list.seldom(CODE, move |model| name_arrays(model, style));
    }
    // `f[b][c]` as `f`.
    list.seldom(CODE, |model| {
        for pair in &mut model.pairs {
            let bracket = pair.name.iter().position(|byte| *byte == b'[');
            pair.name.truncate(bracket.unwrap_or(pair.name.len()));
        }
    });
}

fn name_arrays(model: &mut Model<'_>, style: Style) {
    let names: Vec<_> = model.pairs.iter().map(|pair| pair.name.clone()).collect();
    for (at, pair) in model.pairs.iter_mut().enumerate() {
        let array = of_element(&pair.name);
        let is_in =
            |name: &&Vec<u8>| of_element(name).unwrap_or(name) == array.unwrap_or(&pair.name);
        let before = names.iter().take(at).filter(is_in).count();
        if array.is_none() && names.iter().filter(is_in).count() < 2 {
            continue;
        }
        let suffix = match style {
            Style::Bare => String::new(),
            Style::Brackets => "[]".to_owned(),
            Style::Numbers => format!("[{before}]"),
        };
        pair.name = [array.unwrap_or(&pair.name), suffix.as_bytes()].concat();
    }
}

/// The array's own name, without `[]` or `[0]`.
fn of_element(name: &[u8]) -> Option<&[u8]> {
    let at = name.strip_suffix(b"]")?;
    let number = at.iter().rev().take_while(|byte| byte.is_ascii_digit());
    let (array, _) = at.split_at(at.len() - number.count());
    array.strip_suffix(b"[")
}
