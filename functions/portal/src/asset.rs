//! Files that never change under their name: the name holds the content's digest.

use std::sync::LazyLock;

use countersign_domain::id::Digest;
use countersign_platform::http::gzip;
use flate2::Compression;
use lambda_http::http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, VARY};
use lambda_http::{Body, Response};

/// Which file.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Asset {
    Style,
    Script,
    Icon,
}

struct Stored {
    name: String,
    path: String,
    kind: &'static str,
    plain: &'static [u8],
    packed: Vec<u8>,
}

static STORED: LazyLock<[Stored; 3]> = LazyLock::new(|| {
    [
        stored(
            "portal",
            "css",
            "text/css; charset=utf-8",
            include_bytes!("../assets/portal.css"),
        ),
        stored(
            "portal",
            "js",
            "text/javascript; charset=utf-8",
            include_bytes!("../assets/portal.js"),
        ),
        stored(
            "icon",
            "svg",
            "image/svg+xml",
            include_bytes!("../assets/icon.svg"),
        ),
    ]
});

fn stored(stem: &str, ending: &str, kind: &'static str, plain: &'static [u8]) -> Stored {
    let digest = Digest::of(plain).to_string();
    let name = format!("{stem}.{}.{ending}", &digest[..16]);
    Stored {
        path: format!("/assets/{name}"),
        name,
        kind,
        plain,
        packed: gzip(plain, Compression::best()),
    }
}

impl Asset {
    /// Its address.
    pub(crate) fn path(self) -> &'static str {
        let [style, script, icon] = &*STORED;
        match self {
            Self::Style => &style.path,
            Self::Script => &script.path,
            Self::Icon => &icon.path,
        }
    }
}

/// `GET /assets/{file}`: anybody.
pub(crate) fn serve(file: &str, packed: bool) -> Response<Body> {
    let Some(found) = STORED.iter().find(|stored| stored.name == file) else {
        let mut missing = Response::new(Body::Empty);
        *missing.status_mut() = lambda_http::http::StatusCode::NOT_FOUND;
        return missing;
    };
    let builder = Response::builder()
        .header(CONTENT_TYPE, found.kind)
        .header(CACHE_CONTROL, "public, max-age=31536000, immutable")
        .header(VARY, "accept-encoding");
    let response = if packed {
        builder
            .header(CONTENT_ENCODING, "gzip")
            .body(Body::Binary(found.packed.clone()))
    } else {
        builder.body(Body::Binary(found.plain.to_vec()))
    };
    response.unwrap_or_default()
}
