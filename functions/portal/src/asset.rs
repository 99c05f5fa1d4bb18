//! Files that never change under their name: the name contains the content's digest.

use std::sync::LazyLock;

use countersign_domain::id::Digest;
use countersign_platform::http::gzip;
use flate2::Compression;
use lambda_http::http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, VARY};
use lambda_http::{Body, Response};

/// The style's parts, in the order of the cascade.
const STYLE: &[&str] = &[
    include_str!("../assets/style/tokens.css"),
    include_str!("../assets/style/base.css"),
    include_str!("../assets/style/frame.css"),
    include_str!("../assets/style/page.css"),
    include_str!("../assets/style/button.css"),
    include_str!("../assets/style/card.css"),
    include_str!("../assets/style/table.css"),
    include_str!("../assets/style/form.css"),
    include_str!("../assets/style/list.css"),
    include_str!("../assets/style/readiness.css"),
    include_str!("../assets/style/request.css"),
    include_str!("../assets/style/home.css"),
];

/// The script's parts: one module, in which later parts use what earlier ones define.
const SCRIPT: &[&str] = &[
    include_str!("../assets/script/core.js"),
    include_str!("../assets/script/dialog.js"),
    include_str!("../assets/script/rows.js"),
    include_str!("../assets/script/choice.js"),
    include_str!("../assets/script/keep.js"),
    include_str!("../assets/script/count.js"),
    include_str!("../assets/script/register.js"),
    include_str!("../assets/script/paste.js"),
    include_str!("../assets/script/step.js"),
    include_str!("../assets/script/several.js"),
];

/// Which file.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Asset {
    Style,
    Script,
    Font,
    Icon,
}

struct Stored {
    name: String,
    path: String,
    kind: &'static str,
    plain: Vec<u8>,
    /// The content in gzip. A font is packed already.
    packed: Option<Vec<u8>>,
}

struct Files {
    style: Stored,
    script: Stored,
    font: Stored,
    icon: Stored,
}

static FILES: LazyLock<Files> = LazyLock::new(|| {
    let font = stored(
        "inter",
        "woff2",
        "font/woff2",
        include_bytes!("../assets/inter.woff2").to_vec(),
        false,
    );
    let style = STYLE.concat().replace("{font}", &font.path);
    Files {
        style: stored(
            "portal",
            "css",
            "text/css; charset=utf-8",
            style.into_bytes(),
            true,
        ),
        script: stored(
            "portal",
            "js",
            "text/javascript; charset=utf-8",
            SCRIPT.concat().into_bytes(),
            true,
        ),
        icon: stored(
            "icon",
            "svg",
            "image/svg+xml",
            include_bytes!("../assets/icon.svg").to_vec(),
            true,
        ),
        font,
    }
});

fn stored(stem: &str, ending: &str, kind: &'static str, plain: Vec<u8>, packs: bool) -> Stored {
    let digest = Digest::of(&plain).to_string();
    let name = format!("{stem}.{}.{ending}", &digest[..16]);
    Stored {
        path: format!("/assets/{name}"),
        name,
        kind,
        packed: packs.then(|| gzip(&plain, Compression::best())),
        plain,
    }
}

impl Files {
    fn all(&self) -> [&Stored; 4] {
        [&self.style, &self.script, &self.font, &self.icon]
    }
}

impl Asset {
    /// Its address.
    pub(crate) fn path(self) -> &'static str {
        match self {
            Self::Style => &FILES.style.path,
            Self::Script => &FILES.script.path,
            Self::Font => &FILES.font.path,
            Self::Icon => &FILES.icon.path,
        }
    }
}

/// `GET /assets/{file}`: anybody.
pub(crate) fn serve(file: &str, takes_gzip: bool) -> Response<Body> {
    let Some(found) = FILES.all().into_iter().find(|stored| stored.name == file) else {
        let mut missing = Response::new(Body::Empty);
        *missing.status_mut() = lambda_http::http::StatusCode::NOT_FOUND;
        return missing;
    };
    let builder = Response::builder()
        .header(CONTENT_TYPE, found.kind)
        .header(CACHE_CONTROL, "public, max-age=31536000, immutable")
        .header(VARY, "accept-encoding");
    let response = match &found.packed {
        Some(packed) if takes_gzip => builder
            .header(CONTENT_ENCODING, "gzip")
            .body(Body::Binary(packed.clone())),
        Some(_) | None => builder.body(Body::Binary(found.plain.clone())),
    };
    response.unwrap_or_default()
}
