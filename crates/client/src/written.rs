//! JSON as it is written: whoever changes one member of an object keeps all others byte for byte, decimals included.

use core::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::{Value, value::RawValue};

/// A value, as the bytes that it is written with.
pub(crate) type Written = Box<RawValue>;

/// An object: its members in order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Object(Vec<(String, Written)>);

impl Object {
    pub(crate) fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// The last member of that name, which is the one that counts.
    pub(crate) fn get(&self, name: &str) -> Option<&RawValue> {
        self.0.iter().rev().find(|(known, _)| known == name).map(|(_, value)| &**value)
    }

    /// The text of a member that is one.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        self.get(name).and_then(|value| serde_json::from_str(value.get()).ok())
    }

    /// The items of a member that is a list.
    pub(crate) fn items(&self, name: &str) -> Vec<Written> {
        self.get(name).and_then(|value| serde_json::from_str(value.get()).ok()).unwrap_or_default()
    }

    /// Puts a value where the member stands, or at the end.
    pub(crate) fn set(&mut self, name: &str, value: Written) {
        match self.0.iter().position(|(known, _)| known == name) {
            Some(at) => {
                self.0[at].1 = value;
                let mut first = true;
                self.0.retain(|(known, _)| known != name || std::mem::take(&mut first));
            }
            None => self.0.push((name.to_owned(), value)),
        }
    }

    pub(crate) fn remove(&mut self, name: &str) {
        self.0.retain(|(known, _)| known != name);
    }

    /// Sets the list, or removes it where it is empty.
    pub(crate) fn set_items(&mut self, name: &str, items: &[Written]) {
        if items.is_empty() {
            return self.remove(name);
        }
        self.set(name, list(items));
    }

    /// As bytes again.
    pub(crate) fn write(&self) -> Written {
        let members: Vec<String> =
            self.0.iter().map(|(name, value)| format!("{}:{}", Value::from(name.as_str()), value.get())).collect();
        written(format!("{{{}}}", members.join(",")))
    }
}

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Object;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Object(members))
            }
        }
        deserializer.deserialize_map(Members)
    }
}

/// A list of values as they are written.
pub(crate) fn list(items: &[Written]) -> Written {
    let items: Vec<&str> = items.iter().map(|item| item.get()).collect();
    written(format!("[{}]", items.join(",")))
}

/// A value that was made here.
pub(crate) fn made(value: &Value) -> Written {
    written(value.to_string())
}

/// What is put together from JSON is JSON; were it not, nothing would be written rather than something broken.
pub(crate) fn written(text: String) -> Written {
    RawValue::from_string(text).unwrap_or_else(|_| RawValue::NULL.to_owned())
}

/// A value to look into. Decimals lose their last zeros: nothing is written from it.
pub(crate) fn looked_into(value: &RawValue) -> Value {
    serde_json::from_str(value.get()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_member_changes_and_the_others_stay_as_they_are_written() {
        let text = r#"{"b": 72.50,"a\"":{ "x" : [1e3, 0.10] },"c":"\u00e9","b": 1.0}"#;
        let mut object = Object::read(text).unwrap();
        assert_eq!(object.get("b").unwrap().get(), "1.0");
        object.set("b", made(&Value::from("new")));
        object.set("d", made(&Value::from(1)));
        assert_eq!(object.write().get(), r#"{"b":"new","a\"":{ "x" : [1e3, 0.10] },"c":"\u00e9","d":1}"#);
        object.remove("b");
        object.set_items("d", &[]);
        assert_eq!(object.write().get(), r#"{"a\"":{ "x" : [1e3, 0.10] },"c":"\u00e9"}"#);
    }

    #[test]
    fn what_is_no_object_is_none() {
        for text in ["", "[]", "7", "{", "{\"a\":}", "null"] {
            assert!(Object::read(text).is_none(), "{text}");
        }
        assert_eq!(Object::read("{\"a\":7}").unwrap().text("a"), None);
        assert!(Object::read("{\"a\":7}").unwrap().items("a").is_empty());
    }
}
