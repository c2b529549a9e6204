//! The user's directories. Nothing else asks the operating system for them.
//!
//! With `ECS_VNC_HOME` they are those of Linux on every system, as if that were the home directory. Windows has no variable that
//! moves them, so tests, and a second account on one machine, need one.

use std::path::PathBuf;

use crate::system::environment::Environment;

/// The variable that replaces the home directory.
pub(crate) const HOME_VARIABLE: &str = "ECS_VNC_HOME";

/// The home directory; that of `HOME`, or the user's profile on Windows.
pub(crate) fn home(env: &Environment) -> Option<PathBuf> {
    own_home(env).or_else(|| usual(dirs::home_dir))
}

/// For files that the user writes: `~/.config`, `~/Library/Application Support` (macOS) or `%APPDATA%` (Windows).
pub(crate) fn config(env: &Environment) -> Option<PathBuf> {
    below(env, "XDG_CONFIG_HOME", ".config").or_else(|| usual(dirs::config_dir))
}

/// For files that may be lost: `~/.cache`, `~/Library/Caches` (macOS) or `%LOCALAPPDATA%` (Windows).
pub(crate) fn cache(env: &Environment) -> Option<PathBuf> {
    below(env, "XDG_CACHE_HOME", ".cache").or_else(|| usual(dirs::cache_dir))
}

/// For sockets: `XDG_RUNTIME_DIR`, or else the directory of the cache.
pub(crate) fn runtime(env: &Environment) -> Option<PathBuf> {
    let own = || own_home(env).and_then(|_| absolute(env, "XDG_RUNTIME_DIR"));
    let system = || own_home(env).is_none().then(|| usual(dirs::runtime_dir)).flatten();
    own().or_else(system).or_else(|| cache(env))
}

/// What replaces the home directory, as an absolute path.
fn own_home(env: &Environment) -> Option<PathBuf> {
    env.get(HOME_VARIABLE).and_then(|dir| std::path::absolute(dir).ok())
}

/// A directory of Linux in the directory that replaces the home directory.
fn below(env: &Environment, variable: &str, name: &str) -> Option<PathBuf> {
    let home = own_home(env)?;
    Some(absolute(env, variable).unwrap_or_else(|| home.join(name)))
}

/// Source: the XDG Base Directory Specification: a relative path is ignored.
fn absolute(env: &Environment, variable: &str) -> Option<PathBuf> {
    env.get(variable).map(PathBuf::from).filter(|dir| dir.is_absolute())
}

/// Asks the operating system. In unit tests there are none: they would be the contributor's.
fn usual(find: fn() -> Option<PathBuf>) -> Option<PathBuf> {
    if cfg!(test) { None } else { find() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn absolute_dir(name: &str) -> PathBuf {
        std::env::temp_dir().join(name)
    }

    #[test]
    fn one_variable_moves_all_of_them() {
        let home_dir = absolute_dir("own");
        let env: Environment = [(HOME_VARIABLE, home_dir.to_str().unwrap())].into_iter().collect();
        assert_eq!(home(&env), Some(home_dir.clone()));
        assert_eq!(config(&env), Some(home_dir.join(".config")));
        assert_eq!(cache(&env), Some(home_dir.join(".cache")));
        assert_eq!(runtime(&env), Some(home_dir.join(".cache")));
    }

    #[test]
    fn the_variables_of_linux_count_beside_it_if_they_are_absolute() {
        let (home_dir, other) = (absolute_dir("own"), absolute_dir("other"));
        let with = |value: &str| -> Environment {
            let names = ["XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"].map(|name| (name, value));
            names.into_iter().chain([(HOME_VARIABLE, home_dir.to_str().unwrap())]).collect()
        };
        let env = with(other.to_str().unwrap());
        assert_eq!([config(&env), cache(&env), runtime(&env)], [(); 3].map(|()| Some(other.clone())));
        let env = with("relative");
        assert_eq!(config(&env), Some(home_dir.join(".config")));
        assert_eq!(runtime(&env), Some(home_dir.join(".cache")));
    }

    #[test]
    fn a_unit_test_has_no_directories_of_the_user() {
        let env = Environment::default();
        assert_eq!([home(&env), config(&env), cache(&env), runtime(&env)], [const { None }; 4]);
    }
}
