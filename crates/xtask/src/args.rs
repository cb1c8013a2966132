//! The command line, read by hand: five commands do not pay for a parser's compile time.

use std::collections::VecDeque;

use anyhow::{Context, Result, bail};

/// What is left of the command line; every method takes what it recognises.
pub(crate) struct Args(VecDeque<String>);

impl Args {
    pub(crate) fn from_env() -> Self {
        Self(std::env::args().skip(1).collect())
    }

    pub(crate) fn command(&mut self) -> Option<String> {
        self.0.pop_front()
    }

    pub(crate) fn flag(&mut self, name: &str) -> bool {
        let found = self.0.iter().position(|word| word == name);
        found.and_then(|at| self.0.remove(at)).is_some()
    }

    /// `--name value` or `--name=value`.
    fn value(&mut self, name: &str) -> Result<Option<String>> {
        let assigned = format!("{name}=");
        let Some(at) = self.0.iter().position(|word| word == name || word.starts_with(&assigned)) else {
            return Ok(None);
        };
        let word = self.0.remove(at).unwrap_or_default();
        if let Some(value) = word.strip_prefix(&assigned) {
            return Ok(Some(value.to_owned()));
        }
        self.0.remove(at).with_context(|| format!("{name} needs a value")).map(Some)
    }

    pub(crate) fn word(&mut self, name: &str) -> Result<Option<String>> {
        self.value(name)
    }

    pub(crate) fn list(&mut self, name: &str) -> Result<Vec<String>> {
        let value = self.value(name)?.unwrap_or_default();
        Ok(value.split(',').filter(|item| !item.is_empty()).map(str::to_owned).collect())
    }

    pub(crate) fn port(&mut self, name: &str) -> Result<Option<u16>> {
        self.value(name)?
            .map(|value| value.parse().with_context(|| format!("{name} needs a port number, not `{value}`")))
            .transpose()
    }

    pub(crate) fn number(&mut self, name: &str) -> Result<Option<u32>> {
        self.value(name)?
            .map(|value| value.parse().with_context(|| format!("{name} needs a number, not `{value}`")))
            .transpose()
    }

    pub(crate) fn amount(&mut self, name: &str) -> Result<Option<f64>> {
        let Some(value) = self.value(name)? else { return Ok(None) };
        let amount = value.parse().ok().filter(|amount: &f64| amount.is_finite() && *amount > 0.0);
        amount.with_context(|| format!("{name} needs an amount, not `{value}`")).map(Some)
    }

    /// The words that are left, none of them an option.
    pub(crate) fn rest(self) -> Result<Vec<String>> {
        match self.0.iter().find(|word| word.starts_with('-')) {
            None => Ok(self.0.into()),
            Some(word) => bail!("`{word}` is not understood here; `cargo xtask help` shows what is"),
        }
    }

    pub(crate) fn finish(self) -> Result<()> {
        match self.0.front() {
            None => Ok(()),
            Some(word) => bail!("`{word}` is not understood here; `cargo xtask help` shows what is"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Args;

    fn args(line: &str) -> Args {
        Args(line.split_whitespace().map(str::to_owned).collect())
    }

    #[test]
    fn values_stand_beside_or_behind_an_equals_sign() {
        let mut args = args("--without=kubo,browser --port 9000 --fresh --eth-price 2.5");
        assert_eq!(args.list("--without").unwrap(), ["kubo", "browser"]);
        assert_eq!(args.port("--port").unwrap(), Some(9000));
        assert_eq!(args.amount("--eth-price").unwrap(), Some(2.5));
        assert!(args.flag("--fresh"));
        assert!(!args.flag("--fresh"));
        args.finish().unwrap();
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        assert!(args("--frehs").finish().is_err());
        assert!(args("--port").port("--port").is_err());
        assert!(args("--port high").port("--port").is_err());
        assert!(args("--eth-price -3").amount("--eth-price").is_err());
        assert!(args("--eth-price NaN").amount("--eth-price").is_err());
    }
}
