//! The regions of the service, and DescribeRegions.

use serde_json::{Value, json};

use super::fault::Fault;
use super::request_auth::AuthenticatedRequest;
use crate::api::endpoint::{Endpoint, EndpointType};

/// The region that is not opened for the account: DescribeInstances is refused there.
pub(crate) const NOT_OPENED: &str = "me-central-1";

#[derive(Debug)]
pub(crate) struct Region {
    pub(crate) id: &'static str,
    /// LocalName under `AcceptLanguage=zh-CN`, the default.
    pub(crate) chinese_name: &'static str,
    /// LocalName under `AcceptLanguage=en-US`.
    pub(crate) english_name: &'static str,
}

const fn region(id: &'static str, chinese_name: &'static str, english_name: &'static str) -> Region {
    Region { id, chinese_name, english_name }
}

/// All regions. Source: the vendor's page "Regions and zones".
pub(crate) const REGIONS: [Region; 29] = [
    region("cn-qingdao", "华北1（青岛）", "China (Qingdao)"),
    region("cn-beijing", "华北2（北京）", "China (Beijing)"),
    region("cn-zhangjiakou", "华北3（张家口）", "China (Zhangjiakou)"),
    region("cn-huhehaote", "华北5（呼和浩特）", "China (Hohhot)"),
    region("cn-wulanchabu", "华北6（乌兰察布）", "China (Ulanqab)"),
    region("cn-hangzhou", "华东1（杭州）", "China (Hangzhou)"),
    region("cn-shanghai", "华东2（上海）", "China (Shanghai)"),
    region("cn-nanjing", "华东5（南京-本地地域）", "China (Nanjing-Local Region)"),
    region("cn-fuzhou", "华东6（福州-本地地域）", "China (Fuzhou-Local Region)"),
    region("cn-shenzhen", "华南1（深圳）", "China (Shenzhen)"),
    region("cn-heyuan", "华南2（河源）", "China (Heyuan)"),
    region("cn-guangzhou", "华南3（广州）", "China (Guangzhou)"),
    region("cn-wuhan-lr", "华中1（武汉-本地地域）", "China (Wuhan-Local Region)"),
    region("cn-chengdu", "西南1（成都）", "China (Chengdu)"),
    region("cn-hongkong", "中国香港", "China (Hong Kong)"),
    region("ap-northeast-1", "日本（东京）", "Japan (Tokyo)"),
    region("ap-northeast-2", "韩国（首尔）", "South Korea (Seoul)"),
    region("ap-southeast-1", "新加坡", "Singapore"),
    region("ap-southeast-3", "马来西亚（吉隆坡）", "Malaysia (Kuala Lumpur)"),
    region("ap-southeast-5", "印度尼西亚（雅加达）", "Indonesia (Jakarta)"),
    region("ap-southeast-6", "菲律宾（马尼拉）", "Philippines (Manila)"),
    region("ap-southeast-7", "泰国（曼谷）", "Thailand (Bangkok)"),
    region("us-east-1", "美国（弗吉尼亚）", "US (Virginia)"),
    region("us-west-1", "美国（硅谷）", "US (Silicon Valley)"),
    region("na-south-1", "墨西哥", "Mexico"),
    region("eu-west-1", "英国（伦敦）", "UK (London)"),
    region("eu-central-1", "德国（法兰克福）", "Germany (Frankfurt)"),
    region("me-east-1", "阿联酋（迪拜）", "UAE (Dubai)"),
    region(NOT_OPENED, "沙特（利雅得）", "Saudi Arabia (Riyadh)"),
];

/// The region of a request's RegionId.
pub(crate) fn requested(request: &AuthenticatedRequest) -> Result<&'static Region, Fault> {
    let id = request.require("RegionId")?;
    REGIONS.iter().find(|region| region.id == id).ok_or_else(|| Fault::of("InvalidRegionId.NotFound"))
}

/// The fields of DescribeRegions.
pub(crate) fn describe(request: &AuthenticatedRequest) -> Value {
    let is_english = request.get("AcceptLanguage").is_some_and(|language| language.starts_with("en"));
    let regions = REGIONS.iter().map(|region| {
        let endpoint = Endpoint::of_region(region.id, EndpointType::Public).expect("the ids above are region ids");
        json!({
            "RegionId": region.id, "LocalName": if is_english { region.english_name } else { region.chinese_name },
            "RegionEndpoint": endpoint.authority(), "Status": "available",
        })
    });
    json!({ "Regions": { "Region": regions.collect::<Vec<_>>() } })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn region(language: Option<&str>, id: &str) -> Value {
        let parameters = language.map(|language| ("AcceptLanguage".to_owned(), language.to_owned()));
        let request =
            AuthenticatedRequest { parameters: parameters.into_iter().collect(), ..AuthenticatedRequest::default() };
        let answer = describe(&request);
        let regions = answer["Regions"]["Region"].as_array().unwrap();
        regions.iter().find(|region| region["RegionId"] == id).unwrap().clone()
    }

    #[test]
    fn names_are_chinese_unless_english_is_asked_for() {
        // As in the vendor's sample of DescribeRegions.
        assert_eq!(region(None, "cn-hangzhou")["LocalName"], "华东1（杭州）");
        assert_eq!(region(Some("zh-CN"), "cn-hangzhou")["LocalName"], "华东1（杭州）");
        assert_eq!(region(Some("en-US"), "cn-hangzhou")["LocalName"], "China (Hangzhou)");
    }

    #[test]
    fn endpoints_follow_the_rule() {
        assert_eq!(region(None, "us-west-1")["RegionEndpoint"], "ecs.us-west-1.aliyuncs.com");
        assert_eq!(region(None, "cn-hangzhou")["RegionEndpoint"], "ecs-cn-hangzhou.aliyuncs.com");
    }
}
