//! Seeds: own files, and every text of the vectors.

use std::{fs, io, path::Path};

use serde_json::Value;

/// The files of `fuzz/seeds`, and every text of at least two bytes in `tests/vectors`, each once.
///
/// # Errors
/// If a folder or file cannot be read.
pub fn seeds() -> io::Result<Vec<Vec<u8>>> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut seeds = Vec::new();
    for path in files(&here.join("seeds"))? {
        seeds.push(fs::read(path)?);
    }
    let vectors = here.join("../tests/vectors");
    for folder in [vectors.clone(), vectors.join("explain")] {
        for path in files(&folder)? {
            if path
                .extension()
                .is_some_and(|extension| extension == "json")
            {
                texts(&serde_json::from_slice(&fs::read(path)?)?, &mut seeds);
            }
        }
    }
    seeds.sort();
    seeds.dedup();
    Ok(seeds)
}

fn files(folder: &Path) -> io::Result<Vec<std::path::PathBuf>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_file() {
            paths.push(path);
        }
    }
    Ok(paths)
}

fn texts(value: &Value, into: &mut Vec<Vec<u8>>) {
    match value {
        Value::String(text) if text.len() > 1 => into.push(text.as_bytes().to_vec()),
        Value::Array(values) => values.iter().for_each(|value| texts(value, into)),
        Value::Object(map) => map.values().for_each(|value| texts(value, into)),
        _ => {}
    }
}
