//! The worker threads on which everything that blocks or computes runs.
//!
//! Requests wait in one bounded queue. When it is full the caller is told at
//! once to come back, so that what was accepted is answered in time. Most of a
//! verification's time is spent waiting for the disk, so there are more
//! workers than processors, and their commits are grouped.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Instant;

use tokio::sync::oneshot;

type Job = Box<dyn FnOnce() + Send>;

/// Why a job gave no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The queue is full.
    #[error("the queue is full")]
    Full,
    /// The workers are being stopped.
    #[error("the workers are being stopped")]
    Stopping,
    /// The job panicked.
    #[error("the job panicked")]
    Panicked,
}

/// A bounded queue and the threads that work on it.
pub struct Workers {
    shared: Arc<Shared>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

struct Shared {
    state: Mutex<State>,
    wake: Condvar,
    capacity: usize,
}

struct State {
    jobs: VecDeque<Job>,
    stopping: bool,
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        // A poisoned lock is usable: jobs run outside it.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn work(&self) {
        loop {
            let mut state = self.state();
            let job = loop {
                if let Some(job) = state.jobs.pop_front() {
                    break job;
                }
                if state.stopping {
                    return;
                }
                state = self.wake.wait(state).unwrap_or_else(PoisonError::into_inner);
            };
            drop(state);
            job();
        }
    }
}

impl Workers {
    /// Starts `threads` workers with a queue of `capacity` jobs before them.
    pub fn start(threads: usize, capacity: usize) -> std::io::Result<Self> {
        let state = Mutex::new(State { jobs: VecDeque::with_capacity(capacity), stopping: false });
        let shared = Arc::new(Shared { state, wake: Condvar::new(), capacity });
        let threads = (0..threads.max(1))
            .map(|number| {
                let shared = Arc::clone(&shared);
                std::thread::Builder::new().name(format!("worker-{number}")).spawn(move || shared.work())
            })
            .collect::<Result<_, _>>()?;
        Ok(Self { shared, threads: Mutex::new(threads) })
    }

    /// Runs a job on a worker and waits for its result. A job whose caller
    /// went away before it began is dropped; once begun it is finished.
    pub async fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Refused> {
        let (answer, result) = oneshot::channel();
        let queued = Instant::now();
        self.push(Box::new(move || {
            if answer.is_closed() {
                return;
            }
            metrics::histogram!("ecert_queue_wait_seconds").record(queued.elapsed());
            if let Ok(value) = catch_unwind(AssertUnwindSafe(job)) {
                // The caller may have gone away meanwhile: nothing to tell then.
                let _ = answer.send(value);
            }
        }))?;
        result.await.map_err(|_| Refused::Panicked)
    }

    fn push(&self, job: Job) -> Result<(), Refused> {
        let mut state = self.shared.state();
        if state.stopping {
            return Err(Refused::Stopping);
        }
        if state.jobs.len() >= self.shared.capacity {
            return Err(Refused::Full);
        }
        state.jobs.push_back(job);
        drop(state);
        self.shared.wake.notify_one();
        Ok(())
    }

    /// Jobs that wait.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.shared.state().jobs.len()
    }

    /// Takes no more jobs, finishes those accepted, and ends the threads.
    pub fn stop(&self) {
        self.shared.state().stopping = true;
        self.shared.wake.notify_all();
        let threads = std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        for thread in threads {
            // A worker ends only when told to; jobs cannot panic through it.
            let _ = thread.join();
        }
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        self.stop();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[tokio::test]
    async fn a_full_queue_refuses_and_recovers() {
        let workers = Arc::new(Workers::start(1, 1).expect("workers"));
        let (release, wait) = mpsc::channel::<()>();
        let (begun, has_begun) = mpsc::channel::<()>();
        let first = tokio::spawn({
            let workers = Arc::clone(&workers);
            async move {
                workers
                    .run(move || {
                        begun.send(()).expect("the test listens");
                        wait.recv().expect("the test releases");
                        1
                    })
                    .await
            }
        });
        tokio::task::spawn_blocking(move || has_begun.recv()).await.expect("join").expect("begun");
        let second = tokio::spawn({
            let workers = Arc::clone(&workers);
            async move { workers.run(|| 2).await }
        });
        while workers.waiting() == 0 {
            tokio::task::yield_now().await;
        }
        assert_eq!(workers.run(|| 3).await, Err(Refused::Full));
        release.send(()).expect("the worker waits");
        assert_eq!(first.await.expect("join"), Ok(1));
        assert_eq!(second.await.expect("join"), Ok(2));
        assert_eq!(workers.run(|| 4).await, Ok(4));
    }

    #[tokio::test]
    async fn a_panic_costs_one_job_only() {
        let workers = Workers::start(1, 4).expect("workers");
        assert_eq!(workers.run(|| panic!("on purpose")).await, Err::<(), _>(Refused::Panicked));
        assert_eq!(workers.run(|| 5).await, Ok(5));
        workers.stop();
        assert_eq!(workers.run(|| 6).await, Err(Refused::Stopping));
    }
}
