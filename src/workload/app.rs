//! Who sends requests.

use std::collections::BTreeMap;

/// A caller as the gateway knows it; empty text means not told.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct App {
    /// API Management subscription; the name of the app where nothing else is told.
    pub subscription: String,
    /// API Management product.
    pub product: String,
    /// Client application.
    pub app: String,
    /// Gateway API.
    pub api: String,
    /// Deployment that is asked for, where the source tells it.
    pub deployment: String,
}

/// The place of an app in [`Apps`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AppId(u32);

/// Every app met so far, in the order of meeting.
#[derive(Clone, Debug, Default)]
pub struct Apps {
    apps: Vec<App>,
    places: BTreeMap<App, AppId>,
}

impl App {
    /// An app known by one name.
    pub fn named(name: &str) -> Self {
        Self {
            subscription: name.to_owned(),
            ..Self::default()
        }
    }

    /// The name it is shown by: the client application, else the product, else the subscription.
    pub fn name(&self) -> &str {
        [&self.app, &self.product, &self.subscription]
            .into_iter()
            .find(|name| !name.is_empty())
            .map_or("", String::as_str)
    }
}

impl AppId {
    /// The app at `place`.
    pub fn at(place: usize) -> Self {
        Self(u32::try_from(place).expect("fewer than 2^32 apps"))
    }

    /// Its place.
    pub const fn place(self) -> usize {
        self.0 as usize
    }
}

impl Apps {
    /// The id of `app`, which is added when it is new.
    pub fn id(&mut self, app: App) -> AppId {
        let next = AppId::at(self.apps.len());
        let id = *self.places.entry(app.clone()).or_insert(next);
        if id == next {
            self.apps.push(app);
        }
        id
    }

    /// Every app in the order of their ids.
    pub fn all(&self) -> &[App] {
        &self.apps
    }
}
