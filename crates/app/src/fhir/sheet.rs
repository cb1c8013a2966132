//! A resource that is no measurement, as a title and facts: drawn in full where a document holds few, as a row that
//! unfolds where it holds many.

use serde_json::Value;

use super::{
    dates::Date,
    resource::Resource,
    words::{code_words, lines, notes},
};
use crate::{
    components::chip::{Badge, Tone},
    pages::document::{Entry, RecordPart},
};

/// The facts of a resource.
#[derive(Clone, Debug)]
pub(super) struct Sheet {
    /// What the title names: `Medicine`.
    word: String,
    /// Its name.
    pub(super) title: String,
    /// When.
    pub(super) date: Option<Date>,
    /// The word before the date in a row: `since`.
    when: &'static str,
    /// States, the loudest first.
    pub(super) badges: Vec<Badge>,
    /// What has to be read before anything else.
    alarm: Option<Badge>,
    /// What is said first of it in a row.
    line: Vec<String>,
    facts: Vec<(String, String)>,
    /// A text of its own.
    words: Option<String>,
}

impl Sheet {
    /// A sheet under this name.
    pub(super) fn new(word: &str, resource: Resource<'_>) -> Self {
        Self {
            word: word.to_owned(),
            title: resource.title_or_kind(),
            date: None,
            when: "",
            badges: Vec::new(),
            alarm: None,
            line: Vec::new(),
            facts: Vec::new(),
            words: None,
        }
    }

    /// Another title than the resource's own.
    pub(super) fn titled(mut self, title: Option<String>) -> Self {
        if let Some(title) = title {
            self.title = title;
        }
        self
    }

    /// When it was, for its place in a list; `since` and the like before it.
    pub(super) fn dated(mut self, when: &'static str, date: Option<Date>) -> Self {
        (self.when, self.date) = (when, date);
        self
    }

    /// A fact.
    pub(super) fn row(mut self, name: &str, value: Option<String>) -> Self {
        self.facts.extend(value.map(|value| (name.to_owned(), value)));
        self
    }

    /// What a row says that stands among the facts in another form.
    pub(super) fn line(mut self, said: Option<String>) -> Self {
        self.line.extend(said);
        self
    }

    /// A fact that a row says too.
    pub(super) fn key(mut self, name: &str, value: Option<String>) -> Self {
        self.line.extend(value.clone().map(|value| value.replace('\n', ", ")));
        self.row(name, value)
    }

    /// What was noted.
    pub(super) fn noted(self, resource: Resource<'_>) -> Self {
        let notes = lines(notes(resource));
        self.row("Note", notes)
    }

    /// Its `status`: what makes it void is said loudly, what is as it should be quietly or not at all.
    pub(super) fn status(mut self, status: &Value) -> Self {
        self.alarm = self.alarm.or_else(|| alarm(status));
        self.badges.extend(status_badge(status));
        self
    }

    /// A state in a word.
    pub(super) fn badge(mut self, badge: Option<Badge>) -> Self {
        self.badges.extend(badge);
        self
    }

    /// What has to be read first.
    pub(super) fn alarmed(mut self, alarm: Option<&str>) -> Self {
        self.alarm = alarm.map(|alarm| Badge::new(Tone::Danger, alarm)).or(self.alarm);
        self
    }

    /// A text that it is about.
    pub(super) fn words(mut self, words: Option<String>) -> Self {
        self.words = words;
        self
    }

    /// In full.
    pub(super) fn parts(self) -> Vec<RecordPart> {
        let Self { word, title, badges, alarm, facts, words, .. } = self;
        let text = |title: String, text: String| RecordPart::Words { title, text };
        match words {
            // A text with a title and nothing else is that.
            Some(words) if facts.is_empty() && badges.is_empty() && alarm.is_none() => vec![text(title, words)],
            words => {
                let rows = core::iter::once((word, title)).chain(facts).collect();
                let facts = RecordPart::Facts { title: String::new(), alarm, badges, rows };
                core::iter::once(facts).chain(words.map(|words| text(String::new(), words))).collect()
            }
        }
    }

    /// As a row that unfolds.
    pub(super) fn entry(self) -> Entry {
        let when = self.date.map(|date| format!("{} {}", self.when, date.day).trim().to_owned());
        let line = when.into_iter().chain(self.line.into_iter().map(|said| cut(&said)));
        Entry {
            title: self.title,
            sub: line.collect::<Vec<_>>().join(" · "),
            alarm: self.alarm,
            badges: self.badges,
            facts: self.facts.into_iter().chain(self.words.map(|words| ("Text".to_owned(), words))).collect(),
        }
    }
}

/// Short enough for a row; the whole stands among the facts.
fn cut(said: &str) -> String {
    const SHORT: usize = 120;
    if said.chars().count() <= SHORT {
        return said.to_owned();
    }
    let mut short: String = said.chars().take(SHORT).collect();
    short.push('…');
    short
}

/// Why a resource must not be relied on.
fn alarm(status: &Value) -> Option<Badge> {
    let (tone, said) = match status.as_str()? {
        "entered-in-error" => (Tone::Danger, "This was entered in error. Do not rely on it."),
        "draft" => (Tone::Warn, "This is a draft. It is not in force."),
        "cancelled" | "revoked" | "abandoned" => (Tone::Warn, "This was cancelled. It is not in force."),
        "preliminary" | "registered" | "partial" => (Tone::Warn, "This is not final yet. It may still change."),
        "not-done" | "not-taken" => (Tone::Warn, "This was not done."),
        "stopped" => (Tone::Warn, "This was stopped before its end."),
        "superseded" => (Tone::Warn, "A newer version has taken the place of this."),
        _ => return None,
    };
    Some(Badge::new(tone, said))
}

/// A status in a word; none where it is as one expects.
pub(super) fn status_badge(status: &Value) -> Option<Badge> {
    let code = status.as_str()?;
    let tone = match code {
        "final" | "finished" | "current" | "" => return None,
        "entered-in-error" | "refuted" => Tone::Danger,
        "draft" | "cancelled" | "revoked" | "abandoned" | "preliminary" | "registered" | "partial" | "not-done"
        | "not-taken" | "stopped" | "superseded" | "on-hold" | "suspended" | "unconfirmed" | "provisional" => {
            Tone::Warn
        }
        "active" | "in-progress" | "recurrence" | "relapse" => Tone::Accent,
        "amended" | "corrected" | "appended" | "planned" => Tone::Info,
        _ => Tone::Quiet,
    };
    code_words(status).map(|word| Badge::new(tone, word))
}
