//! Who may read what the operator exports.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};

use countersign_tests::World;
use countersign_tests::admin::{admin, alone};

#[tokio::test(flavor = "multi_thread")]
async fn an_exported_file_is_its_owners_alone_whatever_stood_in_its_place() {
    let world = World::start().await;
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    // A file that everybody may read, one that leads to another, and none.
    for shared in ["shared", "elsewhere"] {
        fs::write(path(shared), "earlier").unwrap();
        fs::set_permissions(path(shared), fs::Permissions::from_mode(0o644)).unwrap();
    }
    let before = fs::metadata(path("shared")).unwrap().ino();
    symlink(path("elsewhere"), path("link")).unwrap();
    for name in ["shared", "link", "new"] {
        let file = path(name).to_str().unwrap().to_owned();
        let outcome = admin(&world, &["export", "--company", "abc", &file]).await;
        assert!(outcome.is_success, "{}", outcome.output);
        let kept = fs::symlink_metadata(path(name)).unwrap();
        assert!(kept.is_file(), "{name}");
        assert_eq!(kept.permissions().mode() & 0o777, 0o600, "{name}");
        assert!(alone(&["verify", &file]).await.is_success, "{name}");
    }
    assert_ne!(fs::metadata(path("shared")).unwrap().ino(), before);
    assert_eq!(fs::read_to_string(path("elsewhere")).unwrap(), "earlier");
    let mut left: Vec<String> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    left.sort();
    assert_eq!(left, ["elsewhere", "link", "new", "shared"]);
    world.local.stop().await;
}
