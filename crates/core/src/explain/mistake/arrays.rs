//! Names of arrays and objects: `a[]`, `a[0]` or `a` again and again, by what serialises them, and by
//! what signs.

use super::{List, parameters::join_repeated};
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
    // As the npm packages oauth-sign and request, and as `URLSearchParams` of JavaScript: what is
    // nested deeper is no more than a text.
    list.seldom(CODE, |model| {
        name_arrays(model, Style::Bare);
        write_objects(model, 1);
    });
    list.seldom(CODE, |model| {
        name_arrays(model, Style::Bare);
        join_repeated(model);
        write_objects(model, 0);
    });
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

/// What has more brackets than so many, as JavaScript writes an object.
fn write_objects(model: &mut Model<'_>, depth: usize) {
    let mut written = Vec::new();
    model.pairs.retain_mut(|pair| {
        let mut brackets = pair
            .name
            .iter()
            .enumerate()
            .filter(|(_, byte)| **byte == b'[');
        let Some((bracket, _)) = brackets.nth(depth) else {
            return true;
        };
        pair.name.truncate(bracket);
        pair.value = b"[object Object]".to_vec();
        let new = !written.contains(&pair.name);
        written.push(pair.name.clone());
        new
    });
}

/// The array's own name, without `[]` or `[0]`.
fn of_element(name: &[u8]) -> Option<&[u8]> {
    let at = name.strip_suffix(b"]")?;
    let number = at.iter().rev().take_while(|byte| byte.is_ascii_digit());
    let (array, _) = at.split_at(at.len() - number.count());
    array.strip_suffix(b"[")
}
