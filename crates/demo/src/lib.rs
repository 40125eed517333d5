//! What `oauth1 demo` and the examples of the adapters have in common: options, parts, log-in,
//! pages, resources, start and stop. It knows no framework; each of them shows how its own is
//! used, and answers alike.
//!
//! ```no_run
//! # async fn serve(_: oauth1_demo::Demo, _: impl Future<Output = ()>) -> std::io::Result<()> { Ok(()) }
//! # async fn example(options: oauth1_demo::Options) -> Result<(), oauth1_demo::Error> {
//! let demo = oauth1_demo::Demo::open(&options).await?;
//! // bind, then print the address and what to paste, then serve until a signal
//! let address = options.listen;
//! demo.announce(address, "oauth1");
//! demo.clone().run(|stop| serve(demo, stop)).await?;
//! # Ok(())
//! # }
//! ```
#![deny(missing_docs)]
#![forbid(unsafe_code)]

mod options;
pub use crate::options::{Options, Pair};

mod log;
pub use crate::log::log;

mod error;
pub use crate::error::Error;

mod demo;
pub use crate::demo::Demo;

mod resource;
pub use crate::resource::{PUBLIC, Received};

mod authorize;
mod cache;
mod page;
mod random;
mod run;
mod session;

mod walk;
pub use crate::walk::{PROGRAM, quoted};
