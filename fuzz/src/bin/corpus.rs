//! Writes every seed to a file of its own. Usage: `corpus FOLDER`
#![forbid(unsafe_code)]

use std::{env, fs, io, path::PathBuf};

fn main() -> io::Result<()> {
    let folder = env::args_os()
        .nth(1)
        .map_or_else(|| "corpus".into(), PathBuf::from);
    fs::create_dir_all(&folder)?;
    for (number, seed) in oauth1_fuzz::seeds()?.iter().enumerate() {
        fs::write(folder.join(format!("seed-{number:04}")), seed)?;
    }
    Ok(())
}
