//! What takes a while: an act runs on while one moves between pages, shows where it is, and can be taken up again where
//! it stopped.

use std::{cell::RefCell, future::Future, pin::Pin, rc::Rc};

use futures::future::{AbortHandle, abortable};
use leptos::{prelude::*, task::spawn_local};
use medkey_client::{chain::Step as ClientStep, fault::Fault, ports::WalletError};

use super::said::fault_sentence;
use crate::{
    components::{
        sheet::{Progress, ProgressSheet, Step, StepState, filing_steps},
        toast::Toasts,
    },
    speaking::{size, thousands},
};

type Running = Pin<Box<dyn Future<Output = Result<(), Fault>>>>;
/// Told where an act is.
pub type Listen = Rc<dyn Fn(ClientStep)>;

/// What an act is like: which steps its sheet shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Encrypts and uploads a file of so many bytes, then asks the wallet.
    Filing(u64),
    /// Asks the wallet only.
    Signing,
    /// Does the same with several records, and says how many are done of how many.
    Several(RwSignal<(usize, usize)>),
}

/// An act on its way.
#[derive(Clone)]
struct OnItsWay {
    number: u64,
    label: Label,
    at: RwSignal<Where>,
    works: StoredValue<Works, LocalStorage>,
}

/// What runs it and stops it.
#[derive(Clone)]
struct Works {
    run: Rc<dyn Fn(Listen) -> Running>,
    stop: Rc<RefCell<Option<AbortHandle>>>,
}

#[derive(Clone, Debug, PartialEq)]
enum Where {
    Preparing,
    At(ClientStep),
    /// Somebody else was to pay and does not: the account's own transaction is asked for.
    PaysItself,
    Done,
    Failed {
        step: usize,
        sentence: String,
    },
}

/// The acts of this page, in its context.
#[derive(Clone, Copy)]
pub struct Acts {
    list: RwSignal<Vec<OnItsWay>>,
    count: StoredValue<u64>,
    toasts: Toasts,
    // Acts outlive the page they were started from.
    owner: StoredValue<Owner>,
}

/// What an act is called and how it looks.
#[derive(Clone, Debug)]
pub struct Label {
    /// `Adding MRI knee, left`.
    pub title: String,
    /// `MRI knee, left is in your chart.`
    pub done: String,
    /// The wallet's name.
    pub wallet: String,
    /// Which steps it shows.
    pub shape: Shape,
}

impl Acts {
    /// No acts.
    #[must_use]
    pub fn new(toasts: Toasts) -> Self {
        let owner = StoredValue::new(Owner::current().unwrap_or_default());
        Self { list: RwSignal::new(Vec::new()), count: StoredValue::new(0), toasts, owner }
    }

    /// Starts an act. `run` may be called again after a failure: what it has done by then it keeps to itself.
    pub fn start<F, R>(self, label: Label, run: F)
    where
        F: Fn(Listen) -> R + 'static,
        R: Future<Output = Result<(), Fault>> + 'static,
    {
        let number = self.count.get_value() + 1;
        self.count.set_value(number);
        let works = Works { run: Rc::new(move |listen| Box::pin(run(listen))), stop: Rc::default() };
        let act = self.owner.get_value().with(|| OnItsWay {
            number,
            label,
            at: RwSignal::new(Where::Preparing),
            works: StoredValue::new_local(works),
        });
        self.list.update(|list| list.push(act.clone()));
        self.go_on(act);
    }

    /// Where an act counts several records; it lives as long as acts do.
    #[must_use]
    pub fn along(self) -> RwSignal<(usize, usize)> {
        self.owner.get_value().with(|| RwSignal::new((0, 0)))
    }

    /// Whether an act of this title is on its way and has not stopped.
    #[must_use]
    pub fn is_going(self, title: &str) -> bool {
        let stopped = |act: &OnItsWay| matches!(act.at.get(), Where::Failed { .. });
        self.list.with(|list| list.iter().any(|act| act.label.title == title && !stopped(act)))
    }

    /// Takes up an act of this title that has stopped. Whether there is one.
    pub fn take_up(self, title: &str) -> bool {
        let stopped = |act: &&OnItsWay| matches!(act.at.get_untracked(), Where::Failed { .. });
        let found =
            self.list.with_untracked(|list| list.iter().filter(stopped).find(|act| act.label.title == title).cloned());
        let is_there = found.is_some();
        if let Some(act) = found {
            self.go_on(act);
        }
        is_there
    }

    /// Closes the sheets of acts that have stopped and whose titles begin like this: what they were about is begun anew.
    pub fn close_stopped(self, title: &str) {
        let stopped = |act: &OnItsWay| matches!(act.at.get_untracked(), Where::Failed { .. });
        self.list.update(|list| list.retain(|act| !(act.label.title.starts_with(title) && stopped(act))));
    }

    fn go_on(self, act: OnItsWay) {
        let OnItsWay { number, label, at, works } = act;
        at.set(Where::Preparing);
        let listen: Listen = Rc::new(move |step| at.update(|at| at.go_on(step)));
        let Works { run, stop } = works.get_value();
        let (running, handle) = abortable(run(listen));
        stop.replace(Some(handle));
        spawn_local(async move {
            match running.await {
                Ok(Ok(())) => {
                    at.set(Where::Done);
                    self.toasts.say(label.done);
                    self.close(number);
                }
                Ok(Err(fault)) => {
                    let step = label.shape.step_of(&at.get_untracked());
                    at.set(Where::Failed { step, sentence: fault_sentence(&fault, kept(&label.shape, &fault)) });
                }
                // Cancelled: nothing was announced, and the server forgets in time what was uploaded.
                Err(_) => self.close(number),
            }
        });
    }

    fn close(self, number: u64) {
        self.list.update(|list| list.retain(|act| act.number != number));
    }
}

impl Where {
    fn go_on(&mut self, step: ClientStep) {
        let was_to_be_paid = matches!(self, Self::At(ClientStep::Sign));
        *self = if was_to_be_paid && step == ClientStep::Confirm { Self::PaysItself } else { Self::At(step) };
    }
}

/// What happens now, or what the wallet is asked for.
#[must_use]
pub fn step_sentence(step: ClientStep, wallet: &str) -> String {
    match step {
        ClientStep::Sealing { stored, total, .. } => {
            format!("Encrypted on this device, {} of {} uploaded", size(stored), size(total))
        }
        ClientStep::Waiting => "The connection is lost. It goes on by itself when it is back.".to_owned(),
        ClientStep::Sign => format!("Sign in {wallet}. It costs nothing: this server pays the fee."),
        ClientStep::Confirm => format!("Confirm in {wallet}"),
        ClientStep::Sent(_) => "Sent. Waiting for the chain…".to_owned(),
        ClientStep::Included(_) => "Done".to_owned(),
    }
}

/// What is said to be kept when an act stops.
fn kept(shape: &Shape, fault: &Fault) -> &'static str {
    match (shape, fault) {
        (Shape::Filing(_), Fault::Wallet(WalletError::Declined)) => "Your file stays ready to be filed.",
        (Shape::Several(_), _) => "What is done stays done.",
        _ => "",
    }
}

impl Shape {
    fn step_of(&self, at: &Where) -> usize {
        let filing = match at {
            Where::Preparing => 0,
            Where::At(ClientStep::Sealing { stored: 0, .. }) => 0,
            Where::At(ClientStep::Sealing { .. } | ClientStep::Waiting) => 1,
            Where::At(ClientStep::Sign | ClientStep::Confirm) | Where::PaysItself => 2,
            Where::At(ClientStep::Sent(_)) => 3,
            Where::At(ClientStep::Included(_)) | Where::Done => 4,
            Where::Failed { step, .. } => return *step,
        };
        match self {
            Self::Filing(_) | Self::Several(_) => filing,
            Self::Signing => filing.saturating_sub(2),
        }
    }
}

impl OnItsWay {
    fn progress(&self) -> Progress {
        let at = self.at.get();
        let step = self.label.shape.step_of(&at);
        let failed = matches!(at, Where::Failed { .. });
        let part = match &at {
            Where::At(ClientStep::Sealing { stored, total, .. }) if *total > 0 => *stored as f64 / *total as f64,
            Where::Preparing | Where::At(ClientStep::Sealing { .. }) => 0.05,
            _ => 0.5,
        };
        let note = match &at {
            Where::Preparing => "Getting ready…".to_owned(),
            Where::PaysItself => {
                format!("This server does not pay for it. Confirm in {}; your account pays the fee.", self.label.wallet)
            }
            Where::Done => "Done".to_owned(),
            Where::At(step) => step_sentence(*step, &self.label.wallet),
            Where::Failed { sentence, .. } => sentence.clone(),
        };
        let (steps, several) = match self.label.shape {
            Shape::Filing(bytes) => (filing_steps(step, part, failed, &size(bytes)), None),
            Shape::Signing => (signing_steps(step, failed), None),
            Shape::Several(along) => (filing_steps(step, part, failed, ""), Some(along.get())),
        };
        let note = match several {
            Some((done, all)) if all > 0 => format!("{} of {all} are done. {note}", thousands(done as u64)),
            _ => note,
        };
        Progress {
            title: self.label.title.clone(),
            note,
            steps,
            stop: if several.is_some() && !failed { "Pause" } else { "Cancel" },
            can_cancel: failed
                || matches!(at, Where::Preparing | Where::At(ClientStep::Sealing { .. } | ClientStep::Waiting)),
            can_retry: failed,
            done: at == Where::Done,
        }
    }
}

fn signing_steps(at: usize, failed: bool) -> Vec<Step> {
    ["Your wallet", "On the chain"]
        .into_iter()
        .enumerate()
        .map(|(index, word)| Step {
            word: word.to_owned(),
            state: match index {
                _ if index < at => StepState::Done,
                _ if index > at => StepState::Ahead,
                _ if failed => StepState::Failed,
                _ => StepState::Now(0.5),
            },
        })
        .collect()
}

/// The sheets of all acts on their way.
#[component]
pub fn ActSheets() -> impl IntoView {
    let acts = use_acts();
    view! {
        <For each=move || acts.list.get() key=|act| act.number let:act>
            {
                let sheet = act.clone();
                move || {
                    let (number, works, again) = (act.number, act.works, act.clone());
                    view! {
                        <ProgressSheet
                            progress=sheet.progress()
                            on_cancel=move |()| {
                                works
                                    .with_value(|works| {
                                        works.stop.borrow().as_ref().map(AbortHandle::abort)
                                    });
                                acts.close(number);
                            }
                            on_retry=move |()| acts.go_on(again.clone())
                            on_close=move |()| acts.close(number)
                        />
                    }
                }
            }
        </For>
    }
}

/// The acts in reach.
#[must_use]
pub fn use_acts() -> Acts {
    use_context().unwrap_or_else(|| Acts::new(Toasts::new()))
}
