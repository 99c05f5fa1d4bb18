//! Finds the route of a call, as API Gateway does: the most specific one that fits.

use std::cmp::Reverse;

use axum::http::Method;

use super::event::decoded;
use crate::cloudformation::Route;

/// Routes with what serves them.
pub(super) struct Routes<T> {
    /// The most specific first.
    entries: Vec<Entry<T>>,
}

struct Entry<T> {
    route: Route,
    segments: Vec<Segment>,
    target: T,
}

/// A part of a route's path, in the order of how specific it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Segment {
    /// `{proxy+}`: all that is left.
    Rest(String),
    /// `{id}`: any one part.
    Parameter(String),
    /// That very part.
    Literal(String),
}

/// The route of a call.
pub(super) struct Found<'a, T> {
    pub(super) route: &'a Route,
    pub(super) target: &'a T,
    /// The path's parameters, decoded.
    pub(super) parameters: Vec<(String, String)>,
}

impl<T> Default for Routes<T> {
    fn default() -> Self {
        Self { entries: Vec::new() }
    }
}

impl<T> Routes<T> {
    pub(super) fn add(&mut self, route: Route, target: T) {
        let segments = route.path.split('/').skip(1).map(segment).collect();
        self.entries.push(Entry {
            route,
            segments,
            target,
        });
        self.entries
            .sort_by_cached_key(|entry| Reverse((kinds(&entry.segments), entry.route.method != "ANY")));
    }

    /// The route for a method and a path as it came on the wire.
    pub(super) fn find(&self, method: &Method, path: &str) -> Option<Found<'_, T>> {
        let parts: Vec<&str> = path.split('/').skip(1).collect();
        self.entries
            .iter()
            .filter(|entry| entry.route.method == "ANY" || entry.route.method == method.as_str())
            .find_map(|entry| {
                Some(Found {
                    parameters: fit(&entry.segments, &parts)?,
                    route: &entry.route,
                    target: &entry.target,
                })
            })
    }
}

fn segment(text: &str) -> Segment {
    let name = text.strip_prefix('{').and_then(|text| text.strip_suffix('}'));
    match name {
        Some(name) => match name.strip_suffix('+') {
            Some(name) => Segment::Rest(name.to_owned()),
            None => Segment::Parameter(name.to_owned()),
        },
        None => Segment::Literal(text.to_owned()),
    }
}

/// How specific a path is, part by part.
fn kinds(segments: &[Segment]) -> Vec<u8> {
    let kind = |segment: &Segment| match segment {
        Segment::Rest(_) => 0,
        Segment::Parameter(_) => 1,
        Segment::Literal(_) => 2,
    };
    segments.iter().map(kind).collect()
}

fn fit(segments: &[Segment], parts: &[&str]) -> Option<Vec<(String, String)>> {
    let mut parameters = Vec::new();
    let mut parts = parts.iter();
    for segment in segments {
        match segment {
            Segment::Literal(text) => {
                if decoded(parts.next()?)? != *text {
                    return None;
                }
            }
            Segment::Parameter(name) => {
                let part = parts.next().filter(|part| !part.is_empty())?;
                parameters.push((name.clone(), decoded(part)?));
            }
            Segment::Rest(name) => {
                let rest = parts.by_ref().copied().collect::<Vec<_>>().join("/");
                if rest.is_empty() {
                    return None;
                }
                parameters.push((name.clone(), decoded(&rest)?));
            }
        }
    }
    parts.next().is_none().then_some(parameters)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloudformation::Access;

    fn routes() -> Routes<()> {
        let mut routes = Routes::default();
        for key in [
            "ANY /{proxy+}",
            "GET /requests/{id}",
            "ANY /requests/{id}",
            "GET /requests/open",
            "POST /requests/{id}/claim",
            "GET /requests",
        ] {
            let (method, path) = key.split_once(' ').unwrap();
            let route = Route {
                method: method.to_owned(),
                path: path.to_owned(),
                access: Access::Open,
            };
            routes.add(route, ());
        }
        routes
    }

    fn found(method: &str, path: &str) -> Option<(String, Vec<(String, String)>)> {
        let routes = routes();
        let found = routes.find(&method.parse().unwrap(), path)?;
        Some((found.route.key(), found.parameters))
    }

    #[test]
    fn the_most_specific_route_is_found() {
        for (call, key) in [
            ("GET /requests", "GET /requests"),
            ("GET /requests/open", "GET /requests/open"),
            ("GET /requests/1", "GET /requests/{id}"),
            ("PUT /requests/1", "ANY /requests/{id}"),
            ("POST /requests/1/claim", "POST /requests/{id}/claim"),
            ("GET /requests/1/claim", "ANY /{proxy+}"),
            ("HEAD /requests", "ANY /{proxy+}"),
            ("GET /requests/", "ANY /{proxy+}"),
        ] {
            let (method, path) = call.split_once(' ').unwrap();
            assert_eq!(found(method, path).unwrap().0, key, "{call}");
        }
        assert_eq!(found("GET", "/"), None);
    }

    #[test]
    fn parameters_are_decoded_after_the_path_is_split() {
        let (_, parameters) = found("GET", "/requests/a%2Fb%20c").unwrap();
        assert_eq!(parameters, [("id".to_owned(), "a/b c".to_owned())]);
    }
}
