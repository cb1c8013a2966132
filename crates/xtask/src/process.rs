//! Child processes. Each runs in its own process group, so that Ctrl-C ends every descendant of it,
//! and the long-running ones (chain, relay) get time to write down their state.

use std::fs::File;
use std::io::{Read, Write};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;

const GRACE: Duration = Duration::from_secs(15);
const POLL: Duration = Duration::from_millis(50);

static STOPPING: AtomicBool = AtomicBool::new(false);
static GROUPS: Mutex<Vec<Pid>> = Mutex::new(Vec::new());

/// Somebody pressed Ctrl-C.
#[derive(Debug)]
pub(crate) struct Interrupted;

impl std::fmt::Display for Interrupted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("interrupted")
    }
}

impl std::error::Error for Interrupted {}

/// The first Ctrl-C (or SIGTERM) asks the children to end, a second one ends them.
pub(crate) fn stop_children_on_signal() -> Result<()> {
    ctrlc::set_handler(|| {
        let second = STOPPING.swap(true, Ordering::SeqCst);
        let signal = if second { Signal::SIGKILL } else { Signal::SIGINT };
        for group in GROUPS.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            signal_group(*group, signal);
        }
        if second {
            std::process::exit(130);
        }
    })
    .context("cannot listen for Ctrl-C")
}

pub(crate) fn check_interrupted() -> Result<()> {
    if STOPPING.load(Ordering::SeqCst) {
        return Err(Interrupted.into());
    }
    Ok(())
}

/// A group that is gone already is what the caller wanted, so errors are of no interest.
fn signal_group(group: Pid, signal: Signal) {
    let _gone_already = killpg(group, signal);
}

struct Group {
    child: Child,
    pid: Pid,
}

impl Group {
    fn spawn(command: &mut Command) -> Result<Self> {
        check_interrupted()?;
        let child = command
            .stdin(Stdio::null())
            .process_group(0)
            .spawn()
            .with_context(|| format!("cannot start `{}`", command.get_program().to_string_lossy()))?;
        let pid = Pid::from_raw(i32::try_from(child.id())?);
        GROUPS.lock().unwrap_or_else(PoisonError::into_inner).push(pid);
        let group = Self { child, pid };
        if let Err(interrupted) = check_interrupted() {
            signal_group(pid, Signal::SIGINT);
            return Err(interrupted);
        }
        Ok(group)
    }

    fn wait(&mut self) -> Result<ExitStatus> {
        let status = self.child.wait()?;
        check_interrupted()?;
        Ok(status)
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        GROUPS.lock().unwrap_or_else(PoisonError::into_inner).retain(|pid| *pid != self.pid);
    }
}

/// Says what begins, and how long it takes when that is long.
pub(crate) fn announce(what: &str) {
    println!("▸ {what}");
}

/// Runs to the end with its output shown; anything but success is an error.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = Group::spawn(command)?.wait()?;
    if !status.success() {
        bail!("`{}` failed ({status})", shown(command));
    }
    Ok(())
}

/// Runs quietly and returns what was printed; on failure the error carries what it complained of.
pub(crate) fn capture(command: &mut Command) -> Result<String> {
    let mut group = Group::spawn(command.stdout(Stdio::piped()).stderr(Stdio::piped()))?;
    let output = collect(&mut group.child, Echo::No)?;
    let status = group.wait()?;
    if !status.success() {
        bail!("`{}` failed ({status})\n{}", shown(command), output.complaints.trim());
    }
    Ok(output.printed)
}

/// How a command that was shown while it ran has ended.
pub(crate) struct Shown {
    pub(crate) success: bool,
    pub(crate) text: String,
}

/// Runs to the end with its output shown and kept, for reading test counts from it.
pub(crate) fn show(command: &mut Command) -> Result<Shown> {
    println!("  $ {}", shown(command));
    let mut group = Group::spawn(command.stdout(Stdio::piped()).stderr(Stdio::piped()))?;
    let output = collect(&mut group.child, Echo::Yes)?;
    let status = group.wait()?;
    Ok(Shown { success: status.success(), text: output.printed + "\n" + &output.complaints })
}

/// Runs quietly and kills what has not ended within the time: then there is no result.
pub(crate) fn capture_within(limit: Duration, command: &mut Command) -> Result<Option<Shown>> {
    let mut group = Group::spawn(command.stdout(Stdio::piped()).stderr(Stdio::piped()))?;
    let pid = group.pid;
    let (ended, end) = mpsc::channel::<()>();
    let watch = thread::spawn(move || {
        let late = end.recv_timeout(limit) == Err(RecvTimeoutError::Timeout);
        if late {
            signal_group(pid, Signal::SIGKILL);
        }
        late
    });
    let output = collect(&mut group.child, Echo::No);
    let status = group.wait();
    drop(ended);
    let late = watch.join().unwrap_or(false);
    let (output, status) = (output?, status?);
    let text = output.printed + "\n" + &output.complaints;
    Ok((!late).then_some(Shown { success: status.success(), text }))
}

struct Output {
    printed: String,
    complaints: String,
}

#[derive(Clone, Copy)]
enum Echo {
    Yes,
    No,
}

fn collect(child: &mut Child, echo: Echo) -> Result<Output> {
    let stdout = child.stdout.take().context("no standard output to read")?;
    let stderr = child.stderr.take().context("no standard error to read")?;
    let complaints = thread::spawn(move || copy(stderr, std::io::stderr(), echo));
    let printed = copy(stdout, std::io::stdout(), echo)?;
    let complaints = match complaints.join() {
        Ok(text) => text?,
        Err(_) => bail!("reading standard error failed"),
    };
    Ok(Output { printed, complaints })
}

fn copy(mut from: impl Read, mut to: impl Write, echo: Echo) -> std::io::Result<String> {
    let mut kept = Vec::new();
    let mut chunk = [0; 8192];
    loop {
        let length = from.read(&mut chunk)?;
        if length == 0 {
            return Ok(String::from_utf8_lossy(&kept).into_owned());
        }
        kept.extend_from_slice(&chunk[..length]);
        if let Echo::Yes = echo {
            to.write_all(&chunk[..length])?;
            to.flush()?;
        }
    }
}

fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    let mut line = program.to_string_lossy().into_owned();
    for argument in command.get_args() {
        line.push(' ');
        line.push_str(&argument.to_string_lossy());
    }
    line
}

/// A process that runs beside us until it is dropped; what it prints goes to a log file.
pub(crate) struct Service {
    name: &'static str,
    log: PathBuf,
    group: Group,
}

impl Service {
    pub(crate) fn start(name: &'static str, command: &mut Command, log: PathBuf) -> Result<Self> {
        let out = File::create(&log).with_context(|| format!("cannot write {}", log.display()))?;
        let group = Group::spawn(command.stderr(out.try_clone()?).stdout(out))?;
        Ok(Self { name, log, group })
    }

    /// Fails once the process has ended by itself.
    pub(crate) fn check_running(&mut self) -> Result<()> {
        check_interrupted()?;
        if let Some(status) = self.group.child.try_wait()? {
            let log = std::fs::read_to_string(&self.log).unwrap_or_default();
            let last: Vec<&str> = log.lines().rev().take(10).collect();
            let last: Vec<&str> = last.into_iter().rev().collect();
            bail!(
                "the {} ended by itself ({status}); the end of {}:\n{}",
                self.name,
                self.log.display(),
                last.join("\n")
            );
        }
        Ok(())
    }

    /// Waits until `ready` holds.
    pub(crate) fn wait_until(&mut self, within: Duration, mut ready: impl FnMut() -> bool) -> Result<()> {
        let start = Instant::now();
        while !ready() {
            self.check_running()?;
            if start.elapsed() > within {
                bail!(
                    "the {} did not answer within {} seconds; see {}",
                    self.name,
                    within.as_secs(),
                    self.log.display()
                );
            }
            thread::sleep(POLL);
        }
        Ok(())
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let start = Instant::now();
        let running = |child: &mut Child| matches!(child.try_wait(), Ok(None));
        if running(&mut self.group.child) && !STOPPING.load(Ordering::SeqCst) {
            signal_group(self.group.pid, Signal::SIGINT);
        }
        while running(&mut self.group.child) && start.elapsed() < GRACE {
            thread::sleep(POLL);
        }
        signal_group(self.group.pid, Signal::SIGKILL);
        let _reaped = self.group.child.wait();
    }
}

/// Runs until Ctrl-C, or until one of the services ends by itself.
pub(crate) fn supervise(services: &mut [&mut Service]) -> Result<()> {
    loop {
        for service in services.iter_mut() {
            service.check_running()?;
        }
        thread::sleep(POLL * 4);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn service(script: &str, log: &str) -> Service {
        let log = std::env::temp_dir().join(format!("medkey-{}-{log}.log", std::process::id()));
        Service::start("service", Command::new("sh").args(["-c", script]), log).unwrap()
    }

    #[test]
    fn a_service_that_ends_by_itself_shows_its_last_words() {
        let mut service = service("echo out of ink; exit 3", "ends");
        let refusal = service.wait_until(GRACE, || false).unwrap_err().to_string();
        assert!(refusal.contains("ended by itself") && refusal.contains("out of ink"), "{refusal}");
        std::fs::remove_file(&service.log).unwrap();
    }

    #[test]
    fn what_takes_too_long_is_killed_with_its_descendants() {
        let mut slow = Command::new("sh");
        slow.args(["-c", "sleep 1000 & sleep 1000"]);
        assert!(capture_within(Duration::from_millis(50), &mut slow).unwrap().is_none());
        let quick = capture_within(GRACE, Command::new("sh").args(["-c", "echo done; exit 3"])).unwrap().unwrap();
        assert!(!quick.success && quick.text.contains("done"));
    }

    #[test]
    fn a_dropped_service_takes_its_descendants_along() {
        let mut service = service("sleep 1000 & echo $!; wait", "descendants");
        let log = service.log.clone();
        let read = || std::fs::read_to_string(&log).unwrap();
        service.wait_until(GRACE, || read().ends_with('\n')).unwrap();
        let descendant = Pid::from_raw(read().trim().parse().unwrap());
        let group = service.group.pid;
        assert_eq!(nix::unistd::getpgid(Some(descendant)), Ok(group));
        drop(service);
        // It was signalled; nobody of ours hears when it has ended.
        let start = Instant::now();
        while alive(descendant) {
            assert!(start.elapsed() < GRACE, "it lives on");
            thread::sleep(POLL);
        }
        std::fs::remove_file(&log).unwrap();
    }

    /// Ended, though perhaps not yet collected by whoever inherited it.
    fn alive(process: Pid) -> bool {
        let state = Command::new("ps").args(["-o", "stat=", "-p", &process.to_string()]).output().unwrap();
        let state = String::from_utf8(state.stdout).unwrap();
        !state.trim().is_empty() && !state.starts_with('Z')
    }
}
