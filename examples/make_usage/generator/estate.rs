//! Contoso's landing zone: who calls which deployment, how often, and how much they send.

/// A deployment as the gateway log names it.
pub(crate) struct Deployment {
    /// `DeploymentName` in the log.
    pub(crate) logged: &'static str,
    /// Models it serves, as logged; more than one behind a router.
    pub(crate) models: &'static [&'static str],
    /// Backend that is asked first.
    pub(crate) backend: &'static str,
    /// Name in tollbook.toml of what that backend serves.
    pub(crate) name: &'static str,
    /// Pay-as-you-go backend and its name in tollbook.toml, asked when the first is full.
    pub(crate) overflow: Option<(&'static str, &'static str)>,
    /// `OperationId` in the log.
    pub(crate) operation: &'static str,
}

/// How an application uses one deployment.
pub(crate) struct Use {
    /// The deployment.
    pub(crate) deployment: &'static Deployment,
    /// Share of the application's requests, relative.
    pub(crate) weight: u32,
    /// Smallest and largest prompt \[token\].
    pub(crate) input: (u32, u32),
    /// Smallest and largest answer \[token\].
    pub(crate) output: (u32, u32),
    /// How much of the prompt a cache hit covers \[%\].
    pub(crate) cached_percent: u32,
}

/// When an application calls.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shift {
    /// People, in working hours.
    Interactive,
    /// A queue that is worked off at night.
    Batch,
}

/// An application, known to the gateway by its subscription and product.
pub(crate) struct App {
    /// Name on the statement.
    pub(crate) name: &'static str,
    /// Business unit that pays.
    pub(crate) business_unit: &'static str,
    /// `ApimSubscriptionId` in the log.
    pub(crate) subscription: &'static str,
    /// `ProductId` in the log.
    pub(crate) product: &'static str,
    /// When it calls.
    pub(crate) shift: Shift,
    /// Share of all requests, relative.
    pub(crate) weight: u32,
    /// Share of its requests that are streamed \[%\].
    pub(crate) streamed_percent: u32,
    /// What it calls.
    pub(crate) uses: &'static [Use],
}

static GPT_41: Deployment = Deployment {
    logged: "gpt-4.1",
    models: &["gpt-4.1-2025-04-14"],
    backend: "aoai-ptu",
    name: "gpt-4.1-ptu",
    overflow: Some(("aoai-payg", "gpt-4.1-payg")),
    operation: "ChatCompletions_Create",
};

static GPT_4O_MINI: Deployment = Deployment {
    logged: "gpt-4o-mini",
    models: &["gpt-4o-mini-2024-07-18"],
    backend: "aoai-ptu",
    name: "gpt-4o-mini-ptu",
    overflow: Some(("aoai-payg", "gpt-4o-mini-payg")),
    operation: "ChatCompletions_Create",
};

static EMBEDDING: Deployment = Deployment {
    logged: "text-embedding-3-small",
    models: &["text-embedding-3-small"],
    backend: "aoai-payg",
    name: "text-embedding-3-small",
    overflow: None,
    operation: "Embeddings_Create",
};

static ROUTER: Deployment = Deployment {
    logged: "model-router",
    models: &["gpt-4.1-mini-2025-04-14", "gpt-4.1-nano-2025-04-14"],
    backend: "aoai-payg",
    name: "model-router",
    overflow: None,
    operation: "ChatCompletions_Create",
};

/// The application that two business units share; the only one whose calls need no backend to be
/// told apart, which is why calls without a gateway row are taken from it.
pub(crate) static INTRANET: App = App {
    name: "Intranet search",
    business_unit: "HR 60 % + Legal 40 %",
    subscription: "shared-intranet",
    product: "ai-shared",
    shift: Shift::Interactive,
    weight: 16,
    streamed_percent: 0,
    uses: &[
        Use {
            deployment: &EMBEDDING,
            weight: 3,
            input: (200, 8_000),
            output: (0, 0),
            cached_percent: 0,
        },
        Use {
            deployment: &ROUTER,
            weight: 1,
            input: (1_000, 12_000),
            output: (80, 700),
            cached_percent: 30,
        },
    ],
};

/// Every other application of the hub's gateway.
pub(crate) static APPS: [App; 7] = [
    App {
        name: "HR assistant",
        business_unit: "HR",
        subscription: "bu-hr-assistant",
        product: "ai-hr",
        shift: Shift::Interactive,
        weight: 18,
        streamed_percent: 50,
        uses: &[Use {
            deployment: &GPT_4O_MINI,
            weight: 1,
            input: (900, 6_000),
            output: (60, 900),
            cached_percent: 55,
        }],
    },
    App {
        name: "CV screening",
        business_unit: "HR",
        subscription: "bu-hr-batch",
        product: "ai-batch",
        shift: Shift::Batch,
        weight: 8,
        streamed_percent: 0,
        uses: &[Use {
            deployment: &GPT_4O_MINI,
            weight: 1,
            input: (3_000, 15_000),
            output: (200, 600),
            cached_percent: 20,
        }],
    },
    App {
        name: "Finance copilot",
        business_unit: "Finance",
        subscription: "bu-finance-copilot",
        product: "ai-finance",
        shift: Shift::Interactive,
        weight: 17,
        streamed_percent: 60,
        uses: &[Use {
            deployment: &GPT_41,
            weight: 1,
            input: (4_000, 60_000),
            output: (150, 2_000),
            cached_percent: 60,
        }],
    },
    App {
        name: "Invoice reader",
        business_unit: "Finance",
        subscription: "bu-finance-batch",
        product: "ai-batch",
        shift: Shift::Batch,
        weight: 10,
        streamed_percent: 0,
        uses: &[Use {
            deployment: &GPT_41,
            weight: 1,
            input: (20_000, 90_000),
            output: (800, 4_000),
            cached_percent: 10,
        }],
    },
    App {
        name: "Contract review",
        business_unit: "Legal",
        subscription: "bu-legal-contracts",
        product: "ai-legal",
        shift: Shift::Interactive,
        weight: 10,
        streamed_percent: 20,
        uses: &[Use {
            deployment: &GPT_41,
            weight: 1,
            input: (150_000, 700_000),
            output: (1_500, 9_000),
            cached_percent: 25,
        }],
    },
    App {
        name: "Shop chat",
        business_unit: "Retail",
        subscription: "bu-retail-chat",
        product: "ai-retail",
        shift: Shift::Interactive,
        weight: 24,
        streamed_percent: 80,
        uses: &[
            Use {
                deployment: &GPT_4O_MINI,
                weight: 4,
                input: (500, 4_500),
                output: (40, 500),
                cached_percent: 70,
            },
            Use {
                deployment: &EMBEDDING,
                weight: 1,
                input: (20, 400),
                output: (0, 0),
                cached_percent: 0,
            },
        ],
    },
    App {
        name: "Paper summaries",
        business_unit: "Research",
        subscription: "bu-research-batch",
        product: "ai-batch",
        shift: Shift::Batch,
        weight: 9,
        streamed_percent: 0,
        uses: &[Use {
            deployment: &GPT_41,
            weight: 1,
            input: (100_000, 500_000),
            output: (2_000, 12_000),
            cached_percent: 0,
        }],
    },
];
