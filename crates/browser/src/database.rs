//! IndexedDB, as little of it as the device needs: two stores, one request per transaction.

use js_sys::{Array, Promise};
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{IdbDatabase, IdbObjectStore, IdbOpenDbRequest, IdbRequest, IdbTransaction, IdbTransactionMode};

use crate::refused::Refused;

const VERSION: u32 = 1;

/// A store of the database.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Store {
    /// Bytes by name.
    Kept,
    /// The wrapped root and its key.
    Held,
}

impl Store {
    const ALL: [Self; 2] = [Self::Kept, Self::Held];

    const fn name(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Held => "held",
        }
    }
}

/// An open database, closed on drop. Opened anew for each act: a browser may delete it in between.
#[derive(Debug)]
pub(crate) struct Database(IdbDatabase);

impl Database {
    pub(crate) async fn open(name: &str) -> Result<Self, Refused> {
        let factory = web_sys::window().ok_or(Refused)?.indexed_db()?.ok_or(Refused)?;
        let opening: IdbOpenDbRequest = factory.open_with_u32(name, VERSION)?;
        let request = opening.clone();
        let prepare = Closure::<dyn Fn()>::new(move || {
            if let Ok(made) = request.result().and_then(JsCast::dyn_into::<IdbDatabase>) {
                for store in Store::ALL {
                    // A failure ends the upgrade, and with it the opening.
                    made.create_object_store(store.name()).ok();
                }
            }
        });
        opening.set_onupgradeneeded(Some(prepare.as_ref().unchecked_ref()));
        let opened = answer(&opening).await;
        opening.set_onupgradeneeded(None);
        Ok(Self(opened?.dyn_into()?))
    }

    /// The value under a key, `undefined` where there is none.
    pub(crate) async fn get(&self, store: Store, key: &str) -> Result<JsValue, Refused> {
        let (_, store) = self.begin(store, IdbTransactionMode::Readonly)?;
        answer(&store.get(&key.into())?).await
    }

    /// Every key of a store.
    pub(crate) async fn names(&self, store: Store) -> Result<Vec<String>, Refused> {
        let (_, store) = self.begin(store, IdbTransactionMode::Readonly)?;
        let names: Array = answer(&store.get_all_keys()?).await?.dyn_into()?;
        Ok(names.iter().filter_map(|name| name.as_string()).collect())
    }

    /// Returns when the browser has written it.
    pub(crate) async fn put(&self, store: Store, key: &str, value: &JsValue) -> Result<(), Refused> {
        let (transaction, store) = self.begin(store, IdbTransactionMode::Readwrite)?;
        store.put_with_key(value, &key.into())?;
        completed(&transaction).await
    }

    /// Returns when the browser has deleted it.
    pub(crate) async fn delete(&self, store: Store, key: &str) -> Result<(), Refused> {
        let (transaction, store) = self.begin(store, IdbTransactionMode::Readwrite)?;
        store.delete(&key.into())?;
        completed(&transaction).await
    }

    fn begin(&self, store: Store, mode: IdbTransactionMode) -> Result<(IdbTransaction, IdbObjectStore), Refused> {
        let transaction = self.0.transaction_with_str_and_mode(store.name(), mode)?;
        let store = transaction.object_store(store.name())?;
        Ok((transaction, store))
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        self.0.close();
    }
}

async fn answer(request: &IdbRequest) -> Result<JsValue, Refused> {
    let done = Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
    });
    JsFuture::from(done).await?;
    Ok(request.result()?)
}

async fn completed(transaction: &IdbTransaction) -> Result<(), Refused> {
    let done = Promise::new(&mut |resolve, reject| {
        transaction.set_oncomplete(Some(&resolve));
        transaction.set_onabort(Some(&reject));
        transaction.set_onerror(Some(&reject));
    });
    JsFuture::from(done).await?;
    Ok(())
}
