//! A patient measures: blood pressure, weight and the like go into the folder of vital signs, what was measured at once in
//! one record. A wrong entry is put right by another in its place, or removed.

mod fhir;
mod vital;

use medkey_crypto::manifest::RecordKind;
use medkey_protocol::blocks::Category;

pub(crate) use self::fhir::{bundle, read_one};
pub use self::{
    fhir::{Measured, read_vitals},
    vital::{ADULT, Decimal, Implausible, Range, Standing, Unit, VITALS, Vital, age_on},
};
use crate::{
    Medkey,
    add_record::{Details, Filed, PlainFile, StoredRecord},
    chain::Progress,
    describe_file::kinds,
    fault::Fault,
    list_records::Record,
    me::Me,
    ports::{Bytes, Ports},
    tell_about_me::FHIR_JSON,
};

/// One value of a sitting.
#[derive(Debug, Clone, PartialEq)]
pub struct Taken {
    /// What was measured.
    pub vital: Vital,
    /// The value as typed; of a blood pressure the systolic.
    pub value: Decimal,
    /// The diastolic pressure.
    pub second: Option<Decimal>,
    /// The unit.
    pub unit: &'static Unit,
}

/// What was measured at once.
#[derive(Debug, Clone, PartialEq)]
pub struct Sitting {
    /// When, RFC 3339.
    pub at: String,
    /// The values; at least one.
    pub taken: Vec<Taken>,
}

impl Sitting {
    /// The sitting that these values of one record are, where the patient measured all of them.
    #[must_use]
    pub fn of(measured: &[Measured]) -> Option<Self> {
        let at = measured.first()?.at.clone();
        let taken = measured.iter().map(|one| {
            let unit = one.vital.unit(&one.unit).filter(|_| one.by_patient && one.at == at)?;
            Some(Taken { vital: one.vital, value: one.value.clone(), second: one.second.clone(), unit })
        });
        Some(Self { taken: taken.collect::<Option<_>>()?, at })
    }

    /// What was measured, without the values: `Blood pressure, weight`.
    #[must_use]
    pub fn title(&self) -> String {
        let mut words = self.taken.iter().map(|taken| taken.vital.word());
        let first = words.next().unwrap_or("Vital signs").to_owned();
        words.fold(first, |title, word| format!("{title}, {}", word.to_lowercase()))
    }
}

/// What a record of vital signs says of itself.
pub(crate) fn details(title: String, at: Option<String>) -> Details {
    Details {
        title,
        kind: RecordKind {
            system: "http://loinc.org".into(),
            code: kinds::VITALS.into(),
            display: "Vital signs".into(),
        },
        media_type: FHIR_JSON.into(),
        file_name: "vital-signs.json".into(),
        effective: at,
        amends: None,
        answers: None,
    }
}

impl<P: Ports> Medkey<P> {
    /// Files what was measured.
    pub async fn record_vitals(&self, me: &Me, sitting: &Sitting, progress: Progress<'_>) -> Result<Filed, Fault> {
        let record = self.store_sitting(me, sitting, None, progress).await?;
        self.file_record(me, &record, self.folder_of(me, Category::Vitals)?, progress).await
    }

    /// Files what was really measured in the place of a wrong entry, which it amends.
    pub async fn correct_vitals(
        &self,
        me: &Me,
        wrong: &Record,
        sitting: &Sitting,
        progress: Progress<'_>,
    ) -> Result<Filed, Fault> {
        let record = self.store_sitting(me, sitting, Some(wrong), progress).await?;
        self.replace_record(me, wrong, &record, progress).await
    }

    async fn store_sitting(
        &self,
        me: &Me,
        sitting: &Sitting,
        wrong: Option<&Record>,
        progress: Progress<'_>,
    ) -> Result<StoredRecord, Fault> {
        let details = details(sitting.title(), Some(sitting.at.clone()));
        let details = match wrong {
            Some(wrong) => details.in_place_of(wrong),
            None => details,
        };
        let source = Bytes::from(fhir::write(sitting).into_bytes());
        self.store_file(me.address, PlainFile { source, details }, progress).await
    }
}
