//! The progress of an act that takes a while. It stays while one moves
//! between pages.

use leptos::prelude::*;

use super::button::{Button, Weight};

/// How far a step is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum StepState {
    /// Not begun.
    Ahead,
    /// Begun; how much of it is done, from 0 to 1.
    Now(f64),
    /// Done.
    Done,
    /// It failed here; what was done before is kept.
    Failed,
}

/// A step of an act.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// `Encrypted`, `Uploaded, 182 MB`, `Your wallet`, `In your chart`.
    pub word: String,
    /// How far.
    pub state: StepState,
}

/// An act on its way.
#[derive(Clone, Debug, PartialEq)]
pub struct Progress {
    /// `Adding MRI knee, left`.
    pub title: String,
    /// What happens now or what the person has to do: `Confirm in MetaMask to file it in your chart`.
    pub note: String,
    /// The steps in order.
    pub steps: Vec<Step>,
    /// The word for stopping it.
    pub stop: &'static str,
    /// It can be stopped.
    pub can_cancel: bool,
    /// It stopped with a reason (in `note`) and can go on from here.
    pub can_retry: bool,
    /// It is done; the sheet can be closed.
    pub done: bool,
}

/// The four steps of filing a file: encrypt, upload, sign, wait for the chain.
/// `at` counts from 0; `part` is how much of that step is done.
#[must_use]
pub fn filing_steps(at: usize, part: f64, failed: bool, uploaded: &str) -> Vec<Step> {
    let words = [
        if at > 0 { "Encrypted" } else { "Encrypting" }.to_owned(),
        match (at, uploaded) {
            (..=1, "") => "Upload".to_owned(),
            (_, "") => "Uploaded".to_owned(),
            (..=1, size) => format!("Uploading, {size}"),
            (_, size) => format!("Uploaded, {size}"),
        },
        "Your wallet".to_owned(),
        "In your chart".to_owned(),
    ];
    words
        .into_iter()
        .enumerate()
        .map(|(index, word)| Step {
            word,
            state: match index {
                _ if index < at => StepState::Done,
                _ if index > at => StepState::Ahead,
                _ if failed => StepState::Failed,
                _ => StepState::Now(part.clamp(0.0, 1.0)),
            },
        })
        .collect()
}

/// A bar; `part` from 0 to 1.
#[component]
pub fn Track(
    /// How much of it is filled.
    part: f64,
    /// It failed here.
    #[prop(optional)]
    failed: bool,
) -> impl IntoView {
    view! {
        <span class="track" class:track--failed=failed aria-hidden="true">
            <span class="track__fill" style:transform=format!("scaleX({part:.3})")></span>
        </span>
    }
}

/// The sheet, one for each act on its way.
#[component]
pub fn ProgressSheet(
    /// The act.
    progress: Progress,
    /// Stops it.
    #[prop(into)]
    on_cancel: Callback<()>,
    /// Goes on where it stopped.
    #[prop(into)]
    on_retry: Callback<()>,
    /// Takes the sheet away.
    #[prop(into)]
    on_close: Callback<()>,
) -> impl IntoView {
    let failed = progress.steps.iter().any(|step| step.state == StepState::Failed);
    let label = progress.title.clone();
    view! {
        <section class="sheet" aria-label=label>
            <div class="sheet__head">
                <div class="sheet__text">
                    <h2 class="sheet__title">{progress.title}</h2>
                    <p class="sheet__note" class:sheet__note--trouble=failed role="status">
                        {progress.note}
                    </p>
                </div>
                <div class="sheet__acts">
                    {progress
                        .can_retry
                        .then(|| {
                            view! {
                                <Button
                                    label="Try again"
                                    small=true
                                    weight=Weight::Primary
                                    on_press=on_retry
                                />
                            }
                        })}
                    {progress
                        .can_cancel
                        .then(|| view! { <Button label=progress.stop small=true on_press=on_cancel /> })}
                    {progress
                        .done
                        .then(|| view! { <Button label="Close" small=true on_press=on_close /> })}
                </div>
            </div>
            <ol class="sheet__steps">
                {progress
                    .steps
                    .into_iter()
                    .map(|step| {
                        let (part, said) = match step.state {
                            StepState::Ahead => (0.0, "not begun"),
                            StepState::Now(part) => (part, "now"),
                            StepState::Done => (1.0, "done"),
                            StepState::Failed => (0.5, "failed"),
                        };
                        let now = matches!(step.state, StepState::Now(_));
                        let failed = step.state == StepState::Failed;
                        view! {
                            <li
                                class="sheet__step"
                                class:sheet__step--now=now
                                class:sheet__step--failed=failed
                            >
                                <Track part=part failed=failed />
                                <span>
                                    {step.word} <span class="unseen">{format!(", {said}")}</span>
                                </span>
                            </li>
                        }
                    })
                    .collect_view()}
            </ol>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filing_steps_say_what_is_done_and_what_is_now() {
        let steps = filing_steps(2, 0.45, false, "182 MB");
        assert_eq!(steps[0].word, "Encrypted");
        assert_eq!(steps[1].word, "Uploaded, 182 MB");
        assert_eq!(steps[1].state, StepState::Done);
        assert_eq!(steps[2].state, StepState::Now(0.45));
        assert_eq!(steps[3].state, StepState::Ahead);
        assert_eq!(filing_steps(1, 0.5, true, "")[1].state, StepState::Failed);
        assert_eq!(filing_steps(0, 7.0, false, "")[0].state, StepState::Now(1.0));
    }
}
