//! Child processes that never outlive us: each has a process group of its own, and all groups are ended when we are.

use std::{
    os::unix::process::CommandExt,
    process::{Child, ChildStderr, ChildStdout, Command, ExitStatus, Stdio},
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::Context;
use rustix::process::{
    Pid, Signal, WaitOptions, kill_process_group, test_kill_process_group, waitpid,
};

/// A running program with everything that it started.
#[derive(Debug)]
pub(crate) struct Group {
    child: Child,
    name: String,
}

impl Group {
    /// Starts `command` in a new process group. `name` is for messages.
    pub(crate) fn start(name: &str, command: &mut Command) -> anyhow::Result<Self> {
        let child = command.process_group(0).spawn().with_context(|| {
            format!(
                "`{}` cannot be started",
                command.get_program().to_string_lossy()
            )
        })?;
        alive().push(child.id());
        Ok(Self {
            child,
            name: name.to_owned(),
        })
    }

    /// Starts a program that ends even when we are killed without a chance to end it: a guard in its group reads from a
    /// pipe that only we hold open.
    pub(crate) fn start_guarded(name: &str, command: &Command) -> anyhow::Result<Self> {
        let mut guarded = Command::new("sh");
        guarded.arg("-c").arg(GUARD).arg(name);
        guarded.arg(command.get_program()).args(command.get_args());
        for (key, value) in command.get_envs() {
            match value {
                Some(value) => guarded.env(key, value),
                None => guarded.env_remove(key),
            };
        }
        if let Some(folder) = command.get_current_dir() {
            guarded.current_dir(folder);
        }
        guarded
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        Self::start(name, &mut guarded)
    }

    /// The program's process id.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// What a guarded program says; once.
    pub(crate) fn output(&mut self) -> Option<(ChildStdout, ChildStderr)> {
        self.child.stdout.take().zip(self.child.stderr.take())
    }

    pub(crate) fn wait(&mut self) -> anyhow::Result<ExitStatus> {
        // Waiting closes the program's input, and with it the guard's pipe: it stays in our hands until the program has ended.
        let _pipe = self.child.stdin.take();
        let status = self.child.wait();
        stay_if_ending();
        forget(self.child.id());
        status.with_context(|| format!("`{}` was lost", self.name))
    }

    /// The exit status, when it has ended.
    pub(crate) fn ended(&mut self) -> anyhow::Result<Option<ExitStatus>> {
        let status = self.child.try_wait();
        stay_if_ending();
        Ok(status?)
    }

    /// Waits at most `limit`; a program that takes longer is ended, and the answer is `None`.
    pub(crate) fn wait_at_most(&mut self, limit: Duration) -> anyhow::Result<Option<ExitStatus>> {
        let deadline = Instant::now() + limit;
        while Instant::now() < deadline {
            if let Some(status) = self.ended()? {
                forget(self.child.id());
                return Ok(Some(status));
            }
            thread::sleep(Duration::from_millis(50));
        }
        Ok(None)
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        end(&[self.child.id()]);
        // Reaps it, so that the group is gone; it was told to end, so this does not take long.
        let _ended = self.child.wait();
        forget(self.child.id());
    }
}

/// Ends all groups on Ctrl-C, a hang-up or a polite kill, then ends us.
pub(crate) fn die_with_us() -> anyhow::Result<()> {
    ctrlc::set_handler(|| {
        ENDING.store(true, Ordering::SeqCst);
        let groups: Vec<u32> = alive().clone();
        end(&groups);
        std::process::exit(130);
    })
    .context("the handler of Ctrl-C cannot be set")
}

/// Whoever waits for a program that the handler of Ctrl-C ends has nothing to tell of it, and is ended by the handler, too.
fn stay_if_ending() {
    while ENDING.load(Ordering::SeqCst) {
        thread::park();
    }
}

/// Asks politely, then insists after three seconds.
fn end(groups: &[u32]) {
    for signal in [Signal::TERM, Signal::KILL] {
        for pid in groups.iter().filter_map(|group| pid(*group)) {
            // It may have ended by itself: then there is nobody to tell.
            let _gone = kill_process_group(pid, signal);
        }
        let deadline = Instant::now() + Duration::from_secs(3);
        while groups.iter().any(|group| is_alive(*group)) && Instant::now() < deadline {
            thread::sleep(Duration::from_millis(20));
        }
    }
}

/// A program that ended stays in its group until somebody asks how.
fn is_alive(group: u32) -> bool {
    pid(group).is_some_and(|pid| {
        let _asked = waitpid(Some(pid), WaitOptions::NOHANG);
        test_kill_process_group(pid).is_ok()
    })
}

fn pid(id: u32) -> Option<Pid> {
    i32::try_from(id).ok().and_then(Pid::from_raw)
}

fn forget(id: u32) {
    alive().retain(|group| *group != id);
}

fn alive() -> MutexGuard<'static, Vec<u32>> {
    static ALIVE: Mutex<Vec<u32>> = Mutex::new(Vec::new());
    ALIVE.lock().unwrap_or_else(PoisonError::into_inner)
}

static ENDING: AtomicBool = AtomicBool::new(false);

/// It may open as many files as the machine lets it: each client takes two, and a workerd that may open no more ends.
const GUARD: &str = r#"ulimit -Sn "$(ulimit -Hn)" 2>/dev/null; exec 3<&0; (cat <&3 >/dev/null; kill -TERM 0) & exec "$@" 3<&- </dev/null"#;
