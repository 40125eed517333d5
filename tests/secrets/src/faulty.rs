//! Parts that fail or panic on demand, and say all they were given while they do.

use std::{
    fmt::Debug,
    sync::{Arc, Mutex, PoisonError},
};

use oauth1_conformance::faults::{Inject, Operation};
use oauth1_provider::StoreError;

/// How an operation goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "there are these two")]
pub enum Fault {
    /// The store is down, and its error names what was asked of it.
    Outage,
    /// It panics with what was asked of it and what it would have answered.
    Panic,
}

/// Which operation goes wrong, until told otherwise.
#[derive(Clone, Debug, Default)]
pub struct Faults(Arc<Mutex<Option<(&'static str, Fault)>>>);

impl Faults {
    pub fn set(&self, fault: Option<(&'static str, Fault)>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = fault;
    }

    fn check(&self, name: &str, shown: &dyn Debug) -> Result<(), StoreError> {
        let fault = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match fault {
            Some((operation, Fault::Outage)) if operation == name => Err(StoreError::unavailable(
                format!("{name} is down: {shown:?}, {shown:#?}"),
            )),
            Some((operation, Fault::Panic)) if operation == name => {
                panic!("{name} has a bug: {shown:?}, {shown:#?}")
            }
            _ => Ok(()),
        }
    }
}

impl Inject for Faults {
    async fn inject<T: Debug + Send>(
        &self,
        Operation {
            name, arguments, ..
        }: Operation<'_>,
        work: impl Future<Output = Result<T, StoreError>> + Send,
    ) -> Result<T, StoreError> {
        self.check(name, arguments)?;
        let answer = work.await;
        // As one that fails after the deed: what it answered is shown as well.
        self.check(&format!("after {name}"), &(&answer, arguments))?;
        answer
    }
}
