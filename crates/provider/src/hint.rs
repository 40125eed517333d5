//! What is seldom so, told to the compiler.

/// The path that it stands on is seldom taken. The compiler lays it out apart: a processor fetches the usual one
/// in one piece then, which takes it less than to jump over what it does not need.
#[cold]
#[inline]
pub(crate) fn seldom() {}
