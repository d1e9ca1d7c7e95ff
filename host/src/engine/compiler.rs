//! Compiling in a process of its own.
//!
//! A compiler's time and memory cannot be bounded from within, and plugins
//! come from strangers. So a child process compiles under limits that it sets
//! itself before it reads a byte, and is killed when it takes too long. It
//! never runs what it compiles.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use rustix::process::{Resource, Rlimit, setrlimit};

use super::config;

/// Largest component that is compiled.
pub const MAX_COMPONENT: usize = 64 << 20;
/// Largest compiled code that is taken.
const MAX_CODE: u64 = 512 << 20;
/// Address space of the child.
const ADDRESS_SPACE: u64 = 2 << 30;
/// Processor seconds of the child.
const PROCESSOR_SECONDS: u64 = 300;
/// How much of the child's complaint is kept.
const MAX_COMPLAINT: u64 = 4_096;

/// Why a component could not be compiled.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CompileError {
    /// The component is too large to be tried.
    #[error("the component has {size} bytes, and {MAX_COMPONENT} are allowed")]
    TooLarge {
        /// Its size.
        size: usize,
    },
    /// The compiler refused it.
    #[error("the compiler refuses it: {0}")]
    Refused(String),
    /// The compiler hit a limit.
    #[error("compiling it takes too much: {0}")]
    Limit(String),
    /// The compiler could not be started or its files not be handled.
    #[error("the compiler process could not be used")]
    Process(#[from] io::Error),
}

/// Starts child processes that compile, one at a time.
#[derive(Debug)]
pub(super) struct Compiler {
    binary: PathBuf,
    time: Duration,
    busy: Mutex<()>,
}

impl Compiler {
    pub(super) fn new(binary: &Path, time: Duration) -> Self {
        Self { binary: binary.to_path_buf(), time, busy: Mutex::new(()) }
    }

    /// Compiles a component into a file.
    pub(super) fn compile(&self, component: &[u8], code: &File) -> Result<(), CompileError> {
        if component.len() > MAX_COMPONENT {
            return Err(CompileError::TooLarge { size: component.len() });
        }
        // Two compilers at once would take twice the memory that one may.
        let _turn = self.busy.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut source = tempfile::tempfile()?;
        source.write_all(component)?;
        source.rewind()?;
        let mut complaint = tempfile::tempfile()?;
        let mut child = Command::new(&self.binary)
            .arg("compile")
            .env_clear()
            // Each thread's arena and stack would count against the limit.
            .env("RAYON_NUM_THREADS", "4")
            .env("MALLOC_ARENA_MAX", "4")
            .stdin(source)
            .stdout(code.try_clone()?)
            .stderr(complaint.try_clone()?)
            .spawn()
            .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", self.binary.display())))?;
        let Some(status) = wait(&mut child, self.time)? else {
            return Err(CompileError::Limit(format!("stopped after {} ms", self.time.as_millis())));
        };
        if status.success() {
            return Ok(());
        }
        complaint.rewind()?;
        let mut text = Vec::new();
        complaint.take(MAX_COMPLAINT).read_to_end(&mut text)?;
        Err(explain(status, String::from_utf8_lossy(&text).trim()))
    }
}

/// Waits for the child; kills it when its time is over.
fn wait(child: &mut Child, limit: Duration) -> io::Result<Option<ExitStatus>> {
    let deadline = Instant::now() + limit;
    let mut pause = Duration::from_millis(1);
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if Instant::now() >= deadline {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        std::thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(20));
    }
}

/// Exit code by which the child says that the component is at fault.
const REFUSED: u8 = 1;

fn explain(status: ExitStatus, complaint: &str) -> CompileError {
    if status.code() == Some(i32::from(REFUSED)) {
        CompileError::Refused(complaint.to_owned())
    } else {
        // Out of memory or processor time, a file too large, or a fault of
        // the compiler: the child died of it, as it should.
        let cause = complaint.lines().map(str::trim).find(|line| !line.is_empty());
        let cause = cause.map(|cause| format!(": {cause}")).unwrap_or_default();
        CompileError::Limit(format!("the compiler ended with {status}{cause}"))
    }
}

/// The child's part: sets its limits, compiles standard input, writes the code
/// to standard output. Gives the exit code.
pub fn run_child(input: impl io::Read, mut output: impl io::Write, mut complaint: impl io::Write) -> u8 {
    let result = limit_self().map_err(|error| (3, error.to_string())).and_then(|()| {
        let mut component = Vec::new();
        let read = input.take(MAX_COMPONENT as u64 + 1).read_to_end(&mut component);
        read.map_err(|error| (3, error.to_string()))?;
        let engine =
            wasmtime::Engine::new(&config::compiling()).map_err(|error| (3, format!("{error:#}")))?;
        let code =
            engine.precompile_component(&component).map_err(|error| (REFUSED, format!("{error:#}")))?;
        output.write_all(&code).and_then(|()| output.flush()).map_err(|error| (3, error.to_string()))
    });
    match result {
        Ok(()) => 0,
        Err((code, text)) => {
            // Nothing is left to do when even the complaint cannot be written.
            let _ = writeln!(complaint, "{text}");
            code
        }
    }
}

fn limit_self() -> rustix::io::Result<()> {
    let limit =
        |resource, most: u64| setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) });
    limit(Resource::Core, 0)?;
    limit(Resource::Cpu, PROCESSOR_SECONDS)?;
    limit(Resource::Fsize, MAX_CODE)?;
    limit(Resource::As, ADDRESS_SPACE)
}
