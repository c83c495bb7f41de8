//! The fields that formats read, as places in a row.

/// Declares the slots with the names shown in diagnostics.
macro_rules! slots {
    ($($slot:ident = $name:literal),* $(,)?) => {
        /// A field that some format reads. Names are those of the logs: what a field means is
        /// for the format to say.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Slot {
            $(#[doc = concat!("`", $name, "`.")] $slot),*
        }

        impl Slot {
            /// Every slot.
            pub(crate) const ALL: &[Self] = &[$(Self::$slot),*];

            /// The field's name in diagnostics.
            pub(crate) const fn name(self) -> &'static str {
                match self { $(Self::$slot => $name),* }
            }
        }
    };
}

slots! {
    Category = "Category",
    Type = "Type",
    Time = "time",
    CorrelationId = "CorrelationId",
    RequestId = "RequestId",
    Id = "id",
    SimulatedRequest = "simulated_request",
    SequenceNumber = "SequenceNumber",
    Model = "model",
    Deployment = "deployment",
    Streamed = "streamed",
    Input = "input tokens",
    CachedInput = "cached input tokens",
    CacheWrite = "cache-write tokens",
    Output = "output tokens",
    ResponseTokens = "responseTokens",
    Reasoning = "reasoning tokens",
    Total = "total tokens",
    Requests = "requests",
    Subscription = "subscription",
    SubscriptionId = "subscriptionId",
    Product = "product",
    ProductName = "productName",
    App = "app",
    User = "user",
    Api = "api",
    Operation = "operation",
    OperationName = "operationName",
    Backend = "backend",
    Region = "region",
    RouteLocation = "routeLocation",
    SpilledFrom = "spilled-from deployment",
    Status = "status",
    Cache = "Cache",
}

impl Slot {
    const fn bit(self) -> u64 {
        1 << self as u8
    }

    /// Whether numbers in this field are meant as numbers, not as names.
    pub(crate) const fn is_numeric(self) -> bool {
        matches!(
            self,
            Self::Time
                | Self::SequenceNumber
                | Self::Input
                | Self::CachedInput
                | Self::CacheWrite
                | Self::Output
                | Self::ResponseTokens
                | Self::Reasoning
                | Self::Total
                | Self::Requests
                | Self::Status
        )
    }
}

const _: () = assert!(Slot::ALL.len() <= 64, "a slot is a bit of a 64-bit set");

/// A set of fields.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct SlotSet(u64);

impl SlotSet {
    pub(crate) const fn insert(&mut self, slot: Slot) {
        self.0 |= slot.bit();
    }

    /// The fields of both sets.
    #[must_use]
    pub(crate) const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) const fn contains(self, slot: Slot) -> bool {
        self.0 & slot.bit() != 0
    }

    pub(crate) fn contains_any(self, slots: &[Slot]) -> bool {
        slots.iter().any(|slot| self.contains(*slot))
    }
}
