//! Issues console URLs: DescribeInstanceVncUrl and, at the same time, what the console page must know.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::account::Account;
use crate::api::operations::Instance;
use crate::command_error::CommandError;
use crate::console::instance_info::{InstanceInfoCache, SystemInfo};
use crate::console::page_settings::PageSettings;
use crate::error_kind::ErrorKind;
use crate::instances::{CallError, OperationError, Refusal, ResolvedInstance, call};
use crate::secret::Secret;
use crate::system::clock::Deadline;
use crate::terminal::output::Output;
use crate::text::sanitize::sanitize;
use crate::vnc::page_url::build_connect_url;
use crate::vnc::password::VncPassword;
use crate::vnc::url::VncUrl;

const ACTION: &str = "DescribeInstanceVncUrl";

/// Issues console URLs for the instances of a command.
pub(crate) struct ConsoleIssuer {
    account: Arc<Account>,
    page: PageSettings,
    info: InstanceInfoCache,
    has_warned_of_system: AtomicBool,
    output: Output,
}

/// A console that can be opened within the next 15 seconds.
#[derive(Debug)]
pub(crate) struct IssuedConsole {
    pub(crate) vnc_url: VncUrl,
    /// The address of the console page with the VncUrl in it.
    pub(crate) connect_url: Secret,
    pub(crate) instance_id: String,
    pub(crate) region: String,
    /// Whether the instance runs Windows, for the page.
    pub(crate) is_windows: bool,
    /// The RequestId of DescribeInstanceVncUrl.
    pub(crate) request_id: String,
}

impl ConsoleIssuer {
    /// Starts to request the systems of the instances that were not looked up, with one request per region.
    pub(crate) fn new(
        account: Arc<Account>,
        instances: &[ResolvedInstance],
        page: PageSettings,
        output: Output,
    ) -> Self {
        let info = InstanceInfoCache::new(account.clone(), instances);
        Self::with_info(account, info, page, output)
    }

    /// For the instances that `info` is about.
    pub(crate) fn with_info(
        account: Arc<Account>,
        info: InstanceInfoCache,
        page: PageSettings,
        output: Output,
    ) -> Self {
        if page.is_windows.is_none() {
            info.prefetch();
        }
        Self { account, page, info, has_warned_of_system: AtomicBool::new(false), output }
    }

    /// For commands without a page. It does not request the systems, which only the page needs.
    pub(crate) fn without_page(account: Arc<Account>, instances: &[ResolvedInstance], output: Output) -> Self {
        Self::new(account, instances, PageSettings { is_windows: Some(false), password: None }, output)
    }

    pub(crate) fn account(&self) -> &Account {
        &self.account
    }

    pub(crate) fn info(&self) -> &InstanceInfoCache {
        &self.info
    }

    /// Returns the instances' VNC password, if the user gave one.
    pub(crate) fn password(&self) -> Option<&VncPassword> {
        self.page.password.as_ref()
    }

    /// Issues a URL for an instance. An id that is not in its region is looked for in all regions.
    pub(crate) async fn issue(
        &self,
        instance: &ResolvedInstance,
        deadline: Deadline,
    ) -> Result<IssuedConsole, CommandError> {
        let instance = &self.info.current(instance);
        let operation = |instance: ResolvedInstance| async move { self.issue_in_region(&instance, deadline).await };
        match call(&self.account, instance, self.output, operation).await {
            Ok((found, console)) => {
                if found.region != instance.region {
                    self.info.remember_moved(found);
                }
                Ok(console)
            }
            Err(CallError::Refused(refusal)) => Err(self.explain(*refusal).await),
            Err(CallError::Other(error)) => Err(error),
        }
    }

    async fn issue_in_region(
        &self,
        instance: &ResolvedInstance,
        deadline: Deadline,
    ) -> Result<IssuedConsole, OperationError> {
        let ResolvedInstance { id, region, info } = instance;
        let known_system = self.page.is_windows.or(info.as_ref().map(Instance::is_windows));
        if known_system.is_none() {
            // At the same time as the URL, which does not wait for it.
            self.info.prefetch_region(region);
        }
        let client = self.account.clients.of(region)?;
        let reply = client.describe_instance_vnc_url(region, id, deadline).await?;
        let vnc_url = VncUrl::parse(&reply.value.vnc_url, reply.sent_at).map_err(|error| {
            let error = anyhow::Error::new(error).context("the API returned a VncUrl that cannot be used");
            CommandError::new(ErrorKind::BadAnswer, error)
                .hint(format!("RequestId {}", sanitize(&reply.value.request_id, 64)))
        })?;
        let is_windows = match known_system {
            Some(is_windows) => is_windows,
            None => self.is_windows(instance).await,
        };
        let connect_url = build_connect_url(&self.account.console_url, &vnc_url, id, is_windows, self.password());
        let (instance_id, region, request_id) = (id.clone(), region.clone(), reply.value.request_id);
        Ok(IssuedConsole { vnc_url, connect_url, instance_id, region, is_windows, request_id })
    }

    /// Whether the instance runs Windows. If that is unknown, it warns and returns false.
    async fn is_windows(&self, instance: &ResolvedInstance) -> bool {
        match self.info.system(instance).await {
            SystemInfo::Known { is_windows } => return is_windows,
            SystemInfo::NotListed => self.warn_of_system("DescribeInstances does not list it", &instance.id, false),
            // The same cause usually affects all instances, so one warning is enough.
            SystemInfo::Failed { reason, is_forbidden } => {
                if !self.has_warned_of_system.swap(true, Ordering::Relaxed) {
                    self.warn_of_system(&reason, "the instance", is_forbidden);
                }
            }
        }
        false
    }

    fn warn_of_system(&self, reason: &str, instance: &str, is_forbidden: bool) {
        let grant = if is_forbidden { ", or grant ecs:DescribeInstances" } else { "" };
        self.output.warning(&format!(
            "could not detect the OS of {instance} ({reason}); assuming Linux. Use --windows if it runs Windows{grant}"
        ));
    }

    /// Returns the error for the user, with the instance's status if that is the reason.
    async fn explain(&self, refusal: Refusal) -> CommandError {
        let is_about_status = |code: &str| code == "IncorrectInstanceStatus" || code == "InstanceNotReady";
        let status = match refusal.error.service() {
            Some(service) if is_about_status(&service.code) => self.info.status(&refusal.instance).await,
            _ => None,
        };
        refusal.explain(&self.account, ACTION, status.as_deref())
    }
}
