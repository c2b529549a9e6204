# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_ecs_vnc_global_optspecs
    string join \n profile= config= r/region= endpoint= o/output= timeout= no-cache v/verbose q/quiet no-input lang= color= h/help V/version
end

function __fish_ecs_vnc_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_ecs_vnc_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_ecs_vnc_using_subcommand
    set -l cmd (__fish_ecs_vnc_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -l profile -d 'Use this profile [env: ALIBABA_CLOUD_PROFILE]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -l config -d 'Read this configuration file [env: ECS_VNC_CONFIG]' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -s r -l region -d 'Use this region [env: ALIBABA_CLOUD_REGION_ID]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -l endpoint -d 'Use this API endpoint [env: ALIBABA_CLOUD_ENDPOINT]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -s o -l output -d 'Format of the results' -r -f -a "text\t'Text for people'
json\t'One JSON object per line'"
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -l timeout -d 'Time limit, such as 30, 500ms or 2m [default: 30s]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -l lang -d 'Speak this language' -r -f -a "en\t''
zh\t''"
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -l color -d 'Use color' -r -f -a "auto\t'Use color on a terminal'
always\t'Use color everywhere'
never\t'Use no color'"
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -l no-cache -d 'Do not use or write the credential cache'
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -s v -l verbose -d 'Show more detail on stderr (repeat for everything)'
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -s q -l quiet -d 'Print only errors to stderr'
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -l no-input -d 'Ask nothing, even on a terminal'
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -s V -l version -d 'Print version'
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -f -a "vnc-url" -d 'Print the URL of the console page, valid for 15 seconds'
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -f -a "open" -d 'Open the console in a browser'
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -f -a "relay" -d 'Serve the console to VNC viewers on a local port'
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -f -a "view" -d 'Open the console in a native VNC viewer'
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -f -a "sessions" -d 'List the console sessions that your commands share'
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -f -a "console" -d 'Open the text console of an instance in this terminal'
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -f -a "screenshot" -d 'Take a screenshot of the console'
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -f -a "text" -d 'Print the text on the screen of the console'
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -f -a "check" -d 'Say what instances are at: login, boot, panic and so on'
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -f -a "sheet" -d 'Make a contact sheet: the screens of many instances on one page'
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -f -a "key" -d 'Press keys on the console'
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -f -a "type" -d 'Type text on the console'
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -f -a "login" -d 'Log in on the text console of an instance'
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -f -a "click" -d 'Click on the screen'
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -f -a "move" -d 'Move the pointer on the screen'
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -f -a "drag" -d 'Drag something across the screen'
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -f -a "scroll" -d 'Turn the wheel of the mouse'
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -f -a "exec" -d 'Run a command at a shell\'s prompt on the console'
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -f -a "cp" -d 'Copy a small file to or from a guest, over its console'
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -f -a "wait" -d 'Wait until the screen shows a text, is still or changes'
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -f -a "script" -d 'Run a script of keys, texts, logins, clicks and waits'
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -f -a "bootlog" -d 'Print the console output of the last boot or shutdown'
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -f -a "list" -d 'List the instances of a region or of all regions'
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -f -a "start" -d 'Start instances that are stopped'
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -f -a "stop" -d 'Stop instances that are running'
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -f -a "reboot" -d 'Reboot instances that are running'
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -f -a "regions" -d 'List the regions with their names and endpoints'
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -f -a "password" -d 'Set the VNC password of an instance'
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -f -a "profile" -d 'List, show, add, choose and remove profiles'
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -f -a "policy" -d 'Print the RAM policy that a task needs'
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -f -a "doctor" -d 'Check credentials, region, network, permissions and browser'
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -f -a "mcp" -d 'Serve an agent over MCP on stdin and stdout'
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -f -a "demo" -d 'Serve a simulated account on this machine until Ctrl-C'
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -f -a "completions" -d 'Print a shell completion script'
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -f -a "man" -d 'Print the manual page (roff)'
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -f -a "version" -d 'Print the version, the commit and the target'
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand vnc-url" -s i -l instance -d 'An instance, given as a flag' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand vnc-url" -l tag -d 'Select only instances with this tag' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand vnc-url" -l status -d 'Select only instances in this state' -r -f -a "Pending\t''
Running\t''
Starting\t''
Stopping\t''
Stopped\t''"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand vnc-url" -l skip-done -d 'Leave out the instances in this file' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand vnc-url" -l profile -d 'Use this profile [env: ALIBABA_CLOUD_PROFILE]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand vnc-url" -l config -d 'Read this configuration file [env: ECS_VNC_CONFIG]' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand vnc-url" -s r -l region -d 'Use this region [env: ALIBABA_CLOUD_REGION_ID]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand vnc-url" -l endpoint -d 'Use this API endpoint [env: ALIBABA_CLOUD_ENDPOINT]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand vnc-url" -s o -l output -d 'Format of the results' -r -f -a "text\t'Text for people'
json\t'One JSON object per line'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand vnc-url" -l timeout -d 'Time limit, such as 30, 500ms or 2m [default: 30s]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand vnc-url" -l lang -d 'Speak this language' -r -f -a "en\t''
zh\t''"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand vnc-url" -l color -d 'Use color' -r -f -a "auto\t'Use color on a terminal'
always\t'Use color everywhere'
never\t'Use no color'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand vnc-url" -l all -d 'Select all instances of the region'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand vnc-url" -l all-regions -d 'Select from all regions'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand vnc-url" -l windows -d 'Tell the page that the guest runs Windows'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand vnc-url" -l no-windows -d 'Tell the page that it does not run Windows'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand vnc-url" -l password-stdin -d 'Read the VNC password from stdin'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand vnc-url" -l wait -d 'Wait until the instance is running'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand vnc-url" -l no-cache -d 'Do not use or write the credential cache'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand vnc-url" -s v -l verbose -d 'Show more detail on stderr (repeat for everything)'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand vnc-url" -s q -l quiet -d 'Print only errors to stderr'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand vnc-url" -l no-input -d 'Ask nothing, even on a terminal'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand vnc-url" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand vnc-url" -s V -l version -d 'Print version'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand open" -s i -l instance -d 'The instance, given as a flag' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand open" -l page -d 'Page' -r -f -a "vendor\t'Alibaba Cloud\'s page, on its own host'
local\t'The built-in page, served on this machine'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand open" -l keepalive -d 'Keepalive interval, or off [default: 45s]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand open" -l keepalive-for -d 'Total keepalive time [default: 8h]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand open" -l profile -d 'Use this profile [env: ALIBABA_CLOUD_PROFILE]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand open" -l config -d 'Read this configuration file [env: ECS_VNC_CONFIG]' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand open" -s r -l region -d 'Use this region [env: ALIBABA_CLOUD_REGION_ID]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand open" -l endpoint -d 'Use this API endpoint [env: ALIBABA_CLOUD_ENDPOINT]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand open" -s o -l output -d 'Format of the results' -r -f -a "text\t'Text for people'
json\t'One JSON object per line'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand open" -l timeout -d 'Time limit, such as 30, 500ms or 2m [default: 30s]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand open" -l lang -d 'Speak this language' -r -f -a "en\t''
zh\t''"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand open" -l color -d 'Use color' -r -f -a "auto\t'Use color on a terminal'
always\t'Use color everywhere'
never\t'Use no color'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand open" -l print -d 'Print a link instead of starting a browser'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand open" -l stay -d 'Serve the link until Ctrl-C'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand open" -l direct -d 'Give the console URL itself to the browser'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand open" -l start -d 'Start the instance if it is stopped'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand open" -l windows -d 'Tell the page that the guest runs Windows'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand open" -l no-windows -d 'Tell the page that it does not run Windows'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand open" -l password-stdin -d 'Read the VNC password from stdin'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand open" -l wait -d 'Wait until the instance is running'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand open" -l no-share -d 'Use a session of its own'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand open" -l no-cache -d 'Do not use or write the credential cache'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand open" -s v -l verbose -d 'Show more detail on stderr (repeat for everything)'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand open" -s q -l quiet -d 'Print only errors to stderr'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand open" -l no-input -d 'Ask nothing, even on a terminal'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand open" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand open" -s V -l version -d 'Print version'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand relay" -s i -l instance -d 'An instance, given as a flag' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand relay" -l tag -d 'Select only instances with this tag' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand relay" -l status -d 'Select only instances in this state' -r -f -a "Pending\t''
Running\t''
Starting\t''
Stopping\t''
Stopped\t''"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand relay" -l skip-done -d 'Leave out the instances in this file' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand relay" -l listen -d 'Local address' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand relay" -l port -d 'Local port; 0 picks one' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand relay" -l unix -d 'Listen on a Unix socket instead of a port' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand relay" -l keepalive -d 'Keepalive interval, or off [default: 45s]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand relay" -l keepalive-for -d 'Total keepalive time [default: 8h]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand relay" -l profile -d 'Use this profile [env: ALIBABA_CLOUD_PROFILE]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand relay" -l config -d 'Read this configuration file [env: ECS_VNC_CONFIG]' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand relay" -s r -l region -d 'Use this region [env: ALIBABA_CLOUD_REGION_ID]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand relay" -l endpoint -d 'Use this API endpoint [env: ALIBABA_CLOUD_ENDPOINT]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand relay" -s o -l output -d 'Format of the results' -r -f -a "text\t'Text for people'
json\t'One JSON object per line'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand relay" -l timeout -d 'Time limit, such as 30, 500ms or 2m [default: 30s]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand relay" -l lang -d 'Speak this language' -r -f -a "en\t''
zh\t''"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand relay" -l color -d 'Use color' -r -f -a "auto\t'Use color on a terminal'
always\t'Use color everywhere'
never\t'Use no color'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand relay" -l all -d 'Select all instances of the region'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand relay" -l all-regions -d 'Select from all regions'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand relay" -l allow-remote -d 'Allow other machines to connect'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand relay" -l share -d 'Let viewers share one session'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand relay" -l read-only -d 'With --share: ignore keys and mouse'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand relay" -l share-password-stdin -d 'With --share: read a password from stdin'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand relay" -l wait -d 'Wait until the instance is running'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand relay" -l no-cache -d 'Do not use or write the credential cache'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand relay" -s v -l verbose -d 'Show more detail on stderr (repeat for everything)'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand relay" -s q -l quiet -d 'Print only errors to stderr'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand relay" -l no-input -d 'Ask nothing, even on a terminal'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand relay" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand relay" -s V -l version -d 'Print version'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand view" -s i -l instance -d 'The instance, given as a flag' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand view" -l viewer -d 'Start this viewer [env: ECS_VNC_VIEWER]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand view" -l port -d 'Local port; 0 picks one' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand view" -l keepalive -d 'Keepalive interval, or off [default: 45s]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand view" -l keepalive-for -d 'Total keepalive time [default: 8h]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand view" -l profile -d 'Use this profile [env: ALIBABA_CLOUD_PROFILE]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand view" -l config -d 'Read this configuration file [env: ECS_VNC_CONFIG]' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand view" -s r -l region -d 'Use this region [env: ALIBABA_CLOUD_REGION_ID]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand view" -l endpoint -d 'Use this API endpoint [env: ALIBABA_CLOUD_ENDPOINT]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand view" -s o -l output -d 'Format of the results' -r -f -a "text\t'Text for people'
json\t'One JSON object per line'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand view" -l timeout -d 'Time limit, such as 30, 500ms or 2m [default: 30s]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand view" -l lang -d 'Speak this language' -r -f -a "en\t''
zh\t''"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand view" -l color -d 'Use color' -r -f -a "auto\t'Use color on a terminal'
always\t'Use color everywhere'
never\t'Use no color'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand view" -l no-share -d 'Use a session of its own'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand view" -l wait -d 'Wait until the instance is running'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand view" -l no-cache -d 'Do not use or write the credential cache'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand view" -s v -l verbose -d 'Show more detail on stderr (repeat for everything)'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand view" -s q -l quiet -d 'Print only errors to stderr'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand view" -l no-input -d 'Ask nothing, even on a terminal'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand view" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand view" -s V -l version -d 'Print version'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand sessions" -l profile -d 'Use this profile [env: ALIBABA_CLOUD_PROFILE]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand sessions" -l config -d 'Read this configuration file [env: ECS_VNC_CONFIG]' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand sessions" -s r -l region -d 'Use this region [env: ALIBABA_CLOUD_REGION_ID]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand sessions" -l endpoint -d 'Use this API endpoint [env: ALIBABA_CLOUD_ENDPOINT]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand sessions" -s o -l output -d 'Format of the results' -r -f -a "text\t'Text for people'
json\t'One JSON object per line'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand sessions" -l timeout -d 'Time limit, such as 30, 500ms or 2m [default: 30s]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand sessions" -l lang -d 'Speak this language' -r -f -a "en\t''
zh\t''"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand sessions" -l color -d 'Use color' -r -f -a "auto\t'Use color on a terminal'
always\t'Use color everywhere'
never\t'Use no color'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand sessions" -l no-cache -d 'Do not use or write the credential cache'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand sessions" -s v -l verbose -d 'Show more detail on stderr (repeat for everything)'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand sessions" -s q -l quiet -d 'Print only errors to stderr'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand sessions" -l no-input -d 'Ask nothing, even on a terminal'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand sessions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand sessions" -s V -l version -d 'Print version'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand console" -s i -l instance -d 'The instance, given as a flag' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand console" -l escape -d 'Key of the prompt, or none [env: ECS_VNC_ESCAPE]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand console" -l log -d 'Add the text of the console to a file' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand console" -l record -d 'Record the terminal to a file, as asciicast v2' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand console" -l delay -d 'Pause between keys' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand console" -l layout -d 'Keyboard layout of the guest' -r -f -a "us\t'United States'
uk\t'United Kingdom'
de\t'German'
fr\t'French (AZERTY)'
es\t'Spanish'
latam\t'Spanish (Latin America)'
jp\t'Japanese (106 and 109 keys), ASCII only'
it\t'Italian'
pt\t'Portuguese'
br\t'Portuguese (Brazil, ABNT2)'
se\t'Swedish'
fi\t'Finnish'
dk\t'Danish'
no\t'Norwegian'
ch-de\t'German (Switzerland)'
ch-fr\t'French (Switzerland)'
be\t'Belgian (AZERTY)'
nl\t'Dutch'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand console" -l profile -d 'Use this profile [env: ALIBABA_CLOUD_PROFILE]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand console" -l config -d 'Read this configuration file [env: ECS_VNC_CONFIG]' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand console" -s r -l region -d 'Use this region [env: ALIBABA_CLOUD_REGION_ID]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand console" -l endpoint -d 'Use this API endpoint [env: ALIBABA_CLOUD_ENDPOINT]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand console" -s o -l output -d 'Format of the results' -r -f -a "text\t'Text for people'
json\t'One JSON object per line'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand console" -l timeout -d 'Time limit, such as 30, 500ms or 2m [default: 30s]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand console" -l lang -d 'Speak this language' -r -f -a "en\t''
zh\t''"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand console" -l color -d 'Use color' -r -f -a "auto\t'Use color on a terminal'
always\t'Use color everywhere'
never\t'Use no color'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand console" -l log-timestamps -d 'Begin each line of the log with the time in UTC'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand console" -l read-only -d 'Send no keys'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand console" -l plain -d 'Print lines instead of drawing the screen'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand console" -l keysyms -d 'Send keysyms instead of scancodes'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand console" -l password-stdin -d 'Read the VNC password from stdin'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand console" -l no-share -d 'Use a session of its own'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand console" -l wait -d 'Wait until the instance is running'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand console" -l no-cache -d 'Do not use or write the credential cache'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand console" -s v -l verbose -d 'Show more detail on stderr (repeat for everything)'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand console" -s q -l quiet -d 'Print only errors to stderr'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand console" -l no-input -d 'Ask nothing, even on a terminal'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand console" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand console" -s V -l version -d 'Print version'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand screenshot" -s i -l instance -d 'An instance, given as a flag' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand screenshot" -l tag -d 'Select only instances with this tag' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand screenshot" -l status -d 'Select only instances in this state' -r -f -a "Pending\t''
Running\t''
Starting\t''
Stopping\t''
Stopped\t''"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand screenshot" -l skip-done -d 'Leave out the instances in this file' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand screenshot" -s f -l file -d 'Output file [default: {instance}-{time}.png]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand screenshot" -l via -d 'Source' -r -f -a "auto\t'The API, or VNC if the API has no screenshot'
api\t'The API, which does not disturb anyone'
vnc\t'A VNC session, which is exact to the pixel'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand screenshot" -l show -d 'Show the screenshot in the terminal' -r -f -a "auto\t'The best protocol that the terminal supports'
kitty\t'The graphics protocol of kitty and Ghostty'
iterm2\t'Inline images of iTerm2, WezTerm and mintty'
sixel\t'Sixel graphics of xterm, foot and others'
blocks\t'Half-block characters, two pixels per cell'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand screenshot" -l profile -d 'Use this profile [env: ALIBABA_CLOUD_PROFILE]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand screenshot" -l config -d 'Read this configuration file [env: ECS_VNC_CONFIG]' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand screenshot" -s r -l region -d 'Use this region [env: ALIBABA_CLOUD_REGION_ID]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand screenshot" -l endpoint -d 'Use this API endpoint [env: ALIBABA_CLOUD_ENDPOINT]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand screenshot" -s o -l output -d 'Format of the results' -r -f -a "text\t'Text for people'
json\t'One JSON object per line'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand screenshot" -l timeout -d 'Time limit, such as 30, 500ms or 2m [default: 30s]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand screenshot" -l lang -d 'Speak this language' -r -f -a "en\t''
zh\t''"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand screenshot" -l color -d 'Use color' -r -f -a "auto\t'Use color on a terminal'
always\t'Use color everywhere'
never\t'Use no color'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand screenshot" -l all -d 'Select all instances of the region'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand screenshot" -l all-regions -d 'Select from all regions'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand screenshot" -l wake -d 'Wake a sleeping screen first'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand screenshot" -l password-stdin -d 'Read the VNC password from stdin'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand screenshot" -l no-share -d 'Use a session of its own'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand screenshot" -l wait -d 'Wait until the instance is running'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand screenshot" -l no-cache -d 'Do not use or write the credential cache'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand screenshot" -s v -l verbose -d 'Show more detail on stderr (repeat for everything)'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand screenshot" -s q -l quiet -d 'Print only errors to stderr'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand screenshot" -l no-input -d 'Ask nothing, even on a terminal'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand screenshot" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand screenshot" -s V -l version -d 'Print version'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand text" -s i -l instance -d 'An instance, given as a flag' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand text" -l tag -d 'Select only instances with this tag' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand text" -l status -d 'Select only instances in this state' -r -f -a "Pending\t''
Running\t''
Starting\t''
Stopping\t''
Stopped\t''"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand text" -l skip-done -d 'Leave out the instances in this file' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand text" -l image -d 'Read a screenshot from this file instead' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand text" -l via -d 'Source' -r -f -a "auto\t'The API, or VNC if the API has no screenshot'
api\t'The API, which does not disturb anyone'
vnc\t'A VNC session, which is exact to the pixel'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand text" -l area -d 'Print this part of the screen only' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand text" -l lines -d 'Print only the last N rows that hold text' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand text" -l font -d 'Read the text with this font first' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand text" -l learn -d 'Learn unknown characters from this text' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand text" -l profile -d 'Use this profile [env: ALIBABA_CLOUD_PROFILE]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand text" -l config -d 'Read this configuration file [env: ECS_VNC_CONFIG]' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand text" -s r -l region -d 'Use this region [env: ALIBABA_CLOUD_REGION_ID]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand text" -l endpoint -d 'Use this API endpoint [env: ALIBABA_CLOUD_ENDPOINT]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand text" -s o -l output -d 'Format of the results' -r -f -a "text\t'Text for people'
json\t'One JSON object per line'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand text" -l timeout -d 'Time limit, such as 30, 500ms or 2m [default: 30s]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand text" -l lang -d 'Speak this language' -r -f -a "en\t''
zh\t''"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand text" -l color -d 'Use color' -r -f -a "auto\t'Use color on a terminal'
always\t'Use color everywhere'
never\t'Use no color'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand text" -l all -d 'Select all instances of the region'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand text" -l all-regions -d 'Select from all regions'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand text" -l wake -d 'Wake a sleeping screen first'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand text" -l password-stdin -d 'Read the VNC password from stdin'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand text" -l no-share -d 'Use a session of its own'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand text" -l wait -d 'Wait until the instance is running'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand text" -l no-cache -d 'Do not use or write the credential cache'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand text" -s v -l verbose -d 'Show more detail on stderr (repeat for everything)'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand text" -s q -l quiet -d 'Print only errors to stderr'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand text" -l no-input -d 'Ask nothing, even on a terminal'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand text" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand text" -s V -l version -d 'Print version'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand check" -s i -l instance -d 'An instance, given as a flag' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand check" -l tag -d 'Select only instances with this tag' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand check" -l status -d 'Select only instances in this state' -r -f -a "Pending\t''
Running\t''
Starting\t''
Stopping\t''
Stopped\t''"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand check" -l skip-done -d 'Leave out the instances in this file' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand check" -l rules -d 'Add the rules in this file' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand check" -l fail-on -d 'Exit with code 30 in one of these states' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand check" -l interval -d 'How often to check [default: 10s]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand check" -l via -d 'Source' -r -f -a "auto\t'The API, or VNC if the API has no screenshot'
api\t'The API, which does not disturb anyone'
vnc\t'A VNC session, which is exact to the pixel'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand check" -l profile -d 'Use this profile [env: ALIBABA_CLOUD_PROFILE]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand check" -l config -d 'Read this configuration file [env: ECS_VNC_CONFIG]' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand check" -s r -l region -d 'Use this region [env: ALIBABA_CLOUD_REGION_ID]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand check" -l endpoint -d 'Use this API endpoint [env: ALIBABA_CLOUD_ENDPOINT]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand check" -s o -l output -d 'Format of the results' -r -f -a "text\t'Text for people'
json\t'One JSON object per line'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand check" -l timeout -d 'Time limit, such as 30, 500ms or 2m [default: 30s]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand check" -l lang -d 'Speak this language' -r -f -a "en\t''
zh\t''"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand check" -l color -d 'Use color' -r -f -a "auto\t'Use color on a terminal'
always\t'Use color everywhere'
never\t'Use no color'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand check" -l all -d 'Select all instances of the region'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand check" -l all-regions -d 'Select from all regions'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand check" -l list-rules -d 'Print the rules in their order'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand check" -l no-bootlog -d 'Do not read the console output of the last boot'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand check" -l watch -d 'Check again and again, and print what has changed'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand check" -l probe -d 'Find out whether guests react, over VNC'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand check" -l wake -d 'Wake a sleeping screen first'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand check" -l password-stdin -d 'Read the VNC password from stdin'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand check" -l no-share -d 'Use a session of its own'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand check" -l wait -d 'Wait until the instance is running'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand check" -l no-cache -d 'Do not use or write the credential cache'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand check" -s v -l verbose -d 'Show more detail on stderr (repeat for everything)'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand check" -s q -l quiet -d 'Print only errors to stderr'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand check" -l no-input -d 'Ask nothing, even on a terminal'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand check" -s V -l version -d 'Print version'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand sheet" -s i -l instance -d 'An instance, given as a flag' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand sheet" -l tag -d 'Select only instances with this tag' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand sheet" -l status -d 'Select only instances in this state' -r -f -a "Pending\t''
Running\t''
Starting\t''
Stopping\t''
Stopped\t''"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand sheet" -l skip-done -d 'Leave out the instances in this file' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand sheet" -s f -l file -d 'Output file' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand sheet" -l rules -d 'Add the rules in this file' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand sheet" -l via -d 'Source' -r -f -a "auto\t'The API, or VNC if the API has no screenshot'
api\t'The API, which does not disturb anyone'
vnc\t'A VNC session, which is exact to the pixel'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand sheet" -l profile -d 'Use this profile [env: ALIBABA_CLOUD_PROFILE]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand sheet" -l config -d 'Read this configuration file [env: ECS_VNC_CONFIG]' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand sheet" -s r -l region -d 'Use this region [env: ALIBABA_CLOUD_REGION_ID]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand sheet" -l endpoint -d 'Use this API endpoint [env: ALIBABA_CLOUD_ENDPOINT]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand sheet" -s o -l output -d 'Format of the results' -r -f -a "text\t'Text for people'
json\t'One JSON object per line'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand sheet" -l timeout -d 'Time limit, such as 30, 500ms or 2m [default: 30s]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand sheet" -l lang -d 'Speak this language' -r -f -a "en\t''
zh\t''"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand sheet" -l color -d 'Use color' -r -f -a "auto\t'Use color on a terminal'
always\t'Use color everywhere'
never\t'Use no color'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand sheet" -l all -d 'Select all instances of the region'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand sheet" -l all-regions -d 'Select from all regions'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand sheet" -l no-bootlog -d 'Do not read the console output of the last boot'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand sheet" -l wake -d 'Wake sleeping screens first'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand sheet" -l password-stdin -d 'Read the VNC password from stdin'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand sheet" -l no-share -d 'Use a session of its own'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand sheet" -l wait -d 'Wait until the instance is running'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand sheet" -l no-cache -d 'Do not use or write the credential cache'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand sheet" -s v -l verbose -d 'Show more detail on stderr (repeat for everything)'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand sheet" -s q -l quiet -d 'Print only errors to stderr'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand sheet" -l no-input -d 'Ask nothing, even on a terminal'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand sheet" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand sheet" -s V -l version -d 'Print version'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand key" -s i -l instance -d 'The instance, given as a flag' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand key" -l profile -d 'Use this profile [env: ALIBABA_CLOUD_PROFILE]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand key" -l config -d 'Read this configuration file [env: ECS_VNC_CONFIG]' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand key" -s r -l region -d 'Use this region [env: ALIBABA_CLOUD_REGION_ID]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand key" -l endpoint -d 'Use this API endpoint [env: ALIBABA_CLOUD_ENDPOINT]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand key" -s o -l output -d 'Format of the results' -r -f -a "text\t'Text for people'
json\t'One JSON object per line'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand key" -l timeout -d 'Time limit, such as 30, 500ms or 2m [default: 30s]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand key" -l lang -d 'Speak this language' -r -f -a "en\t''
zh\t''"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand key" -l color -d 'Use color' -r -f -a "auto\t'Use color on a terminal'
always\t'Use color everywhere'
never\t'Use no color'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand key" -l keysyms -d 'Send keysyms instead of scancodes'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand key" -l password-stdin -d 'Read the VNC password from stdin'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand key" -l no-share -d 'Use a session of its own'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand key" -l wait -d 'Wait until the instance is running'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand key" -l no-cache -d 'Do not use or write the credential cache'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand key" -s v -l verbose -d 'Show more detail on stderr (repeat for everything)'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand key" -s q -l quiet -d 'Print only errors to stderr'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand key" -l no-input -d 'Ask nothing, even on a terminal'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand key" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand key" -s V -l version -d 'Print version'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand type" -s i -l instance -d 'The instance, given as a flag' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand type" -l file -d 'Read the text from a file' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand type" -l env -d 'Type the value of this environment variable' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand type" -l delay -d 'Pause between keys' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand type" -l layout -d 'Keyboard layout of the guest' -r -f -a "us\t'United States'
uk\t'United Kingdom'
de\t'German'
fr\t'French (AZERTY)'
es\t'Spanish'
latam\t'Spanish (Latin America)'
jp\t'Japanese (106 and 109 keys), ASCII only'
it\t'Italian'
pt\t'Portuguese'
br\t'Portuguese (Brazil, ABNT2)'
se\t'Swedish'
fi\t'Finnish'
dk\t'Danish'
no\t'Norwegian'
ch-de\t'German (Switzerland)'
ch-fr\t'French (Switzerland)'
be\t'Belgian (AZERTY)'
nl\t'Dutch'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand type" -l after -d 'Wait until the last row with text matches' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand type" -l profile -d 'Use this profile [env: ALIBABA_CLOUD_PROFILE]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand type" -l config -d 'Read this configuration file [env: ECS_VNC_CONFIG]' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand type" -s r -l region -d 'Use this region [env: ALIBABA_CLOUD_REGION_ID]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand type" -l endpoint -d 'Use this API endpoint [env: ALIBABA_CLOUD_ENDPOINT]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand type" -s o -l output -d 'Format of the results' -r -f -a "text\t'Text for people'
json\t'One JSON object per line'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand type" -l timeout -d 'Time limit, such as 30, 500ms or 2m [default: 30s]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand type" -l lang -d 'Speak this language' -r -f -a "en\t''
zh\t''"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand type" -l color -d 'Use color' -r -f -a "auto\t'Use color on a terminal'
always\t'Use color everywhere'
never\t'Use no color'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand type" -l stdin -d 'Read the text from stdin'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand type" -l enter -d 'Press Enter after the text'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand type" -l keysyms -d 'Send keysyms instead of scancodes'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand type" -l blind -d 'Type a secret without looking for a prompt'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand type" -l verify -d 'Read back what was typed'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand type" -l password-stdin -d 'Read the VNC password from stdin'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand type" -l no-share -d 'Use a session of its own'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand type" -l wait -d 'Wait until the instance is running'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand type" -l no-cache -d 'Do not use or write the credential cache'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand type" -s v -l verbose -d 'Show more detail on stderr (repeat for everything)'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand type" -s q -l quiet -d 'Print only errors to stderr'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand type" -l no-input -d 'Ask nothing, even on a terminal'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand type" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand type" -s V -l version -d 'Print version'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand login" -s i -l instance -d 'The instance, given as a flag' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand login" -l user -d 'The user of the guest' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand login" -l env -d 'Take the password from this environment variable' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand login" -l prompt -d 'Wait for this prompt for the user\'s name' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand login" -l delay -d 'Pause between keys' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand login" -l layout -d 'Keyboard layout of the guest' -r -f -a "us\t'United States'
uk\t'United Kingdom'
de\t'German'
fr\t'French (AZERTY)'
es\t'Spanish'
latam\t'Spanish (Latin America)'
jp\t'Japanese (106 and 109 keys), ASCII only'
it\t'Italian'
pt\t'Portuguese'
br\t'Portuguese (Brazil, ABNT2)'
se\t'Swedish'
fi\t'Finnish'
dk\t'Danish'
no\t'Norwegian'
ch-de\t'German (Switzerland)'
ch-fr\t'French (Switzerland)'
be\t'Belgian (AZERTY)'
nl\t'Dutch'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand login" -l profile -d 'Use this profile [env: ALIBABA_CLOUD_PROFILE]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand login" -l config -d 'Read this configuration file [env: ECS_VNC_CONFIG]' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand login" -s r -l region -d 'Use this region [env: ALIBABA_CLOUD_REGION_ID]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand login" -l endpoint -d 'Use this API endpoint [env: ALIBABA_CLOUD_ENDPOINT]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand login" -s o -l output -d 'Format of the results' -r -f -a "text\t'Text for people'
json\t'One JSON object per line'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand login" -l timeout -d 'Time limit, such as 30, 500ms or 2m [default: 30s]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand login" -l lang -d 'Speak this language' -r -f -a "en\t''
zh\t''"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand login" -l color -d 'Use color' -r -f -a "auto\t'Use color on a terminal'
always\t'Use color everywhere'
never\t'Use no color'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand login" -l stdin -d 'Read the password from stdin'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand login" -l keysyms -d 'Send keysyms instead of scancodes'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand login" -l password-stdin -d 'Read the VNC password from stdin'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand login" -l no-share -d 'Use a session of its own'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand login" -l wait -d 'Wait until the instance is running'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand login" -l no-cache -d 'Do not use or write the credential cache'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand login" -s v -l verbose -d 'Show more detail on stderr (repeat for everything)'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand login" -s q -l quiet -d 'Print only errors to stderr'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand login" -l no-input -d 'Ask nothing, even on a terminal'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand login" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand login" -s V -l version -d 'Print version'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand click" -s i -l instance -d 'The instance, given as a flag' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand click" -l button -d 'The button' -r -f -a "left\t''
middle\t''
right\t''"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand click" -l image -d 'Wait for this picture, and click its centre' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand click" -l area -d 'Look for it in this part of the screen' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand click" -l tolerance -d 'Ignore differences up to N of 255' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand click" -l profile -d 'Use this profile [env: ALIBABA_CLOUD_PROFILE]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand click" -l config -d 'Read this configuration file [env: ECS_VNC_CONFIG]' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand click" -s r -l region -d 'Use this region [env: ALIBABA_CLOUD_REGION_ID]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand click" -l endpoint -d 'Use this API endpoint [env: ALIBABA_CLOUD_ENDPOINT]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand click" -s o -l output -d 'Format of the results' -r -f -a "text\t'Text for people'
json\t'One JSON object per line'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand click" -l timeout -d 'Time limit, such as 30, 500ms or 2m [default: 30s]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand click" -l lang -d 'Speak this language' -r -f -a "en\t''
zh\t''"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand click" -l color -d 'Use color' -r -f -a "auto\t'Use color on a terminal'
always\t'Use color everywhere'
never\t'Use no color'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand click" -l double -d 'Press the button twice'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand click" -l password-stdin -d 'Read the VNC password from stdin'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand click" -l no-share -d 'Use a session of its own'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand click" -l wait -d 'Wait until the instance is running'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand click" -l no-cache -d 'Do not use or write the credential cache'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand click" -s v -l verbose -d 'Show more detail on stderr (repeat for everything)'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand click" -s q -l quiet -d 'Print only errors to stderr'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand click" -l no-input -d 'Ask nothing, even on a terminal'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand click" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand click" -s V -l version -d 'Print version'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand move" -s i -l instance -d 'The instance, given as a flag' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand move" -l profile -d 'Use this profile [env: ALIBABA_CLOUD_PROFILE]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand move" -l config -d 'Read this configuration file [env: ECS_VNC_CONFIG]' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand move" -s r -l region -d 'Use this region [env: ALIBABA_CLOUD_REGION_ID]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand move" -l endpoint -d 'Use this API endpoint [env: ALIBABA_CLOUD_ENDPOINT]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand move" -s o -l output -d 'Format of the results' -r -f -a "text\t'Text for people'
json\t'One JSON object per line'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand move" -l timeout -d 'Time limit, such as 30, 500ms or 2m [default: 30s]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand move" -l lang -d 'Speak this language' -r -f -a "en\t''
zh\t''"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand move" -l color -d 'Use color' -r -f -a "auto\t'Use color on a terminal'
always\t'Use color everywhere'
never\t'Use no color'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand move" -l password-stdin -d 'Read the VNC password from stdin'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand move" -l no-share -d 'Use a session of its own'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand move" -l wait -d 'Wait until the instance is running'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand move" -l no-cache -d 'Do not use or write the credential cache'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand move" -s v -l verbose -d 'Show more detail on stderr (repeat for everything)'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand move" -s q -l quiet -d 'Print only errors to stderr'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand move" -l no-input -d 'Ask nothing, even on a terminal'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand move" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand move" -s V -l version -d 'Print version'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand drag" -s i -l instance -d 'The instance, given as a flag' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand drag" -l button -d 'The button' -r -f -a "left\t''
middle\t''
right\t''"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand drag" -l profile -d 'Use this profile [env: ALIBABA_CLOUD_PROFILE]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand drag" -l config -d 'Read this configuration file [env: ECS_VNC_CONFIG]' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand drag" -s r -l region -d 'Use this region [env: ALIBABA_CLOUD_REGION_ID]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand drag" -l endpoint -d 'Use this API endpoint [env: ALIBABA_CLOUD_ENDPOINT]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand drag" -s o -l output -d 'Format of the results' -r -f -a "text\t'Text for people'
json\t'One JSON object per line'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand drag" -l timeout -d 'Time limit, such as 30, 500ms or 2m [default: 30s]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand drag" -l lang -d 'Speak this language' -r -f -a "en\t''
zh\t''"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand drag" -l color -d 'Use color' -r -f -a "auto\t'Use color on a terminal'
always\t'Use color everywhere'
never\t'Use no color'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand drag" -l password-stdin -d 'Read the VNC password from stdin'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand drag" -l no-share -d 'Use a session of its own'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand drag" -l wait -d 'Wait until the instance is running'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand drag" -l no-cache -d 'Do not use or write the credential cache'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand drag" -s v -l verbose -d 'Show more detail on stderr (repeat for everything)'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand drag" -s q -l quiet -d 'Print only errors to stderr'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand drag" -l no-input -d 'Ask nothing, even on a terminal'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand drag" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand drag" -s V -l version -d 'Print version'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand scroll" -s i -l instance -d 'The instance, given as a flag' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand scroll" -l steps -d 'How many steps of the wheel' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand scroll" -l at -d 'Where the pointer is [default: the middle]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand scroll" -l profile -d 'Use this profile [env: ALIBABA_CLOUD_PROFILE]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand scroll" -l config -d 'Read this configuration file [env: ECS_VNC_CONFIG]' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand scroll" -s r -l region -d 'Use this region [env: ALIBABA_CLOUD_REGION_ID]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand scroll" -l endpoint -d 'Use this API endpoint [env: ALIBABA_CLOUD_ENDPOINT]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand scroll" -s o -l output -d 'Format of the results' -r -f -a "text\t'Text for people'
json\t'One JSON object per line'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand scroll" -l timeout -d 'Time limit, such as 30, 500ms or 2m [default: 30s]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand scroll" -l lang -d 'Speak this language' -r -f -a "en\t''
zh\t''"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand scroll" -l color -d 'Use color' -r -f -a "auto\t'Use color on a terminal'
always\t'Use color everywhere'
never\t'Use no color'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand scroll" -l password-stdin -d 'Read the VNC password from stdin'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand scroll" -l no-share -d 'Use a session of its own'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand scroll" -l wait -d 'Wait until the instance is running'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand scroll" -l no-cache -d 'Do not use or write the credential cache'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand scroll" -s v -l verbose -d 'Show more detail on stderr (repeat for everything)'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand scroll" -s q -l quiet -d 'Print only errors to stderr'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand scroll" -l no-input -d 'Ask nothing, even on a terminal'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand scroll" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand scroll" -s V -l version -d 'Print version'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand exec" -s i -l instance -d 'The instance, given as a flag' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand exec" -l user -d 'Log in as this user first' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand exec" -l env -d 'Take the password from this environment variable' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand exec" -l prompt -d 'Recognise the shell\'s prompt by this' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand exec" -l layout -d 'Keyboard layout of the guest' -r -f -a "us\t'United States'
uk\t'United Kingdom'
de\t'German'
fr\t'French (AZERTY)'
es\t'Spanish'
latam\t'Spanish (Latin America)'
jp\t'Japanese (106 and 109 keys), ASCII only'
it\t'Italian'
pt\t'Portuguese'
br\t'Portuguese (Brazil, ABNT2)'
se\t'Swedish'
fi\t'Finnish'
dk\t'Danish'
no\t'Norwegian'
ch-de\t'German (Switzerland)'
ch-fr\t'French (Switzerland)'
be\t'Belgian (AZERTY)'
nl\t'Dutch'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand exec" -l profile -d 'Use this profile [env: ALIBABA_CLOUD_PROFILE]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand exec" -l config -d 'Read this configuration file [env: ECS_VNC_CONFIG]' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand exec" -s r -l region -d 'Use this region [env: ALIBABA_CLOUD_REGION_ID]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand exec" -l endpoint -d 'Use this API endpoint [env: ALIBABA_CLOUD_ENDPOINT]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand exec" -s o -l output -d 'Format of the results' -r -f -a "text\t'Text for people'
json\t'One JSON object per line'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand exec" -l timeout -d 'Time limit, such as 30, 500ms or 2m [default: 30s]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand exec" -l lang -d 'Speak this language' -r -f -a "en\t''
zh\t''"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand exec" -l color -d 'Use color' -r -f -a "auto\t'Use color on a terminal'
always\t'Use color everywhere'
never\t'Use no color'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand exec" -l merge -d 'Print the command\'s stderr with its stdout'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand exec" -l stdin -d 'Send stdin to the command'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand exec" -l keysyms -d 'Send keysyms instead of scancodes'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand exec" -l password-stdin -d 'Read the VNC password from stdin'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand exec" -l no-share -d 'Use a session of its own'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand exec" -l wait -d 'Wait until the instance is running'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand exec" -l no-cache -d 'Do not use or write the credential cache'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand exec" -s v -l verbose -d 'Show more detail on stderr (repeat for everything)'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand exec" -s q -l quiet -d 'Print only errors to stderr'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand exec" -l no-input -d 'Ask nothing, even on a terminal'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand exec" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand exec" -s V -l version -d 'Print version'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand cp" -l user -d 'Log in as this user first' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand cp" -l env -d 'Take the password from this environment variable' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand cp" -l prompt -d 'Recognise the shell\'s prompt by this' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand cp" -l layout -d 'Keyboard layout of the guest' -r -f -a "us\t'United States'
uk\t'United Kingdom'
de\t'German'
fr\t'French (AZERTY)'
es\t'Spanish'
latam\t'Spanish (Latin America)'
jp\t'Japanese (106 and 109 keys), ASCII only'
it\t'Italian'
pt\t'Portuguese'
br\t'Portuguese (Brazil, ABNT2)'
se\t'Swedish'
fi\t'Finnish'
dk\t'Danish'
no\t'Norwegian'
ch-de\t'German (Switzerland)'
ch-fr\t'French (Switzerland)'
be\t'Belgian (AZERTY)'
nl\t'Dutch'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand cp" -l profile -d 'Use this profile [env: ALIBABA_CLOUD_PROFILE]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand cp" -l config -d 'Read this configuration file [env: ECS_VNC_CONFIG]' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand cp" -s r -l region -d 'Use this region [env: ALIBABA_CLOUD_REGION_ID]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand cp" -l endpoint -d 'Use this API endpoint [env: ALIBABA_CLOUD_ENDPOINT]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand cp" -s o -l output -d 'Format of the results' -r -f -a "text\t'Text for people'
json\t'One JSON object per line'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand cp" -l timeout -d 'Time limit, such as 30, 500ms or 2m [default: 30s]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand cp" -l lang -d 'Speak this language' -r -f -a "en\t''
zh\t''"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand cp" -l color -d 'Use color' -r -f -a "auto\t'Use color on a terminal'
always\t'Use color everywhere'
never\t'Use no color'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand cp" -l keysyms -d 'Send keysyms instead of scancodes'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand cp" -l password-stdin -d 'Read the VNC password from stdin'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand cp" -l no-share -d 'Use a session of its own'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand cp" -l wait -d 'Wait until the instance is running'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand cp" -l no-cache -d 'Do not use or write the credential cache'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand cp" -s v -l verbose -d 'Show more detail on stderr (repeat for everything)'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand cp" -s q -l quiet -d 'Print only errors to stderr'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand cp" -l no-input -d 'Ask nothing, even on a terminal'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand cp" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand cp" -s V -l version -d 'Print version'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand wait" -s i -l instance -d 'The instance, given as a flag' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand wait" -l text -d 'Wait until a row of text matches' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand wait" -l no-text -d 'Wait until no row of text matches' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand wait" -l fail-text -d 'Fail at once if a row of text matches' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand wait" -l still -d 'Wait until nothing has changed for this time' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand wait" -l image -d 'Wait until the screen looks like this picture' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand wait" -l area -d 'Look at this part of the screen only' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand wait" -l tolerance -d 'Ignore differences up to N of 255' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand wait" -l save -d 'On timeout, save the screen to this PNG or JPG file' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand wait" -l profile -d 'Use this profile [env: ALIBABA_CLOUD_PROFILE]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand wait" -l config -d 'Read this configuration file [env: ECS_VNC_CONFIG]' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand wait" -s r -l region -d 'Use this region [env: ALIBABA_CLOUD_REGION_ID]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand wait" -l endpoint -d 'Use this API endpoint [env: ALIBABA_CLOUD_ENDPOINT]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand wait" -s o -l output -d 'Format of the results' -r -f -a "text\t'Text for people'
json\t'One JSON object per line'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand wait" -l timeout -d 'Time limit, such as 30, 500ms or 2m [default: 30s]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand wait" -l lang -d 'Speak this language' -r -f -a "en\t''
zh\t''"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand wait" -l color -d 'Use color' -r -f -a "auto\t'Use color on a terminal'
always\t'Use color everywhere'
never\t'Use no color'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand wait" -l change -d 'Wait until something changes'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand wait" -l password-stdin -d 'Read the VNC password from stdin'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand wait" -l no-share -d 'Use a session of its own'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand wait" -l wait -d 'Wait until the instance is running'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand wait" -l no-cache -d 'Do not use or write the credential cache'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand wait" -s v -l verbose -d 'Show more detail on stderr (repeat for everything)'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand wait" -s q -l quiet -d 'Print only errors to stderr'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand wait" -l no-input -d 'Ask nothing, even on a terminal'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand wait" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand wait" -s V -l version -d 'Print version'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand script" -s i -l instance -d 'The instance, given as a flag' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand script" -l profile -d 'Use this profile [env: ALIBABA_CLOUD_PROFILE]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand script" -l config -d 'Read this configuration file [env: ECS_VNC_CONFIG]' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand script" -s r -l region -d 'Use this region [env: ALIBABA_CLOUD_REGION_ID]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand script" -l endpoint -d 'Use this API endpoint [env: ALIBABA_CLOUD_ENDPOINT]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand script" -s o -l output -d 'Format of the results' -r -f -a "text\t'Text for people'
json\t'One JSON object per line'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand script" -l timeout -d 'Time limit, such as 30, 500ms or 2m [default: 30s]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand script" -l lang -d 'Speak this language' -r -f -a "en\t''
zh\t''"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand script" -l color -d 'Use color' -r -f -a "auto\t'Use color on a terminal'
always\t'Use color everywhere'
never\t'Use no color'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand script" -l check -d 'Check the script, and do not run it'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand script" -l password-stdin -d 'Read the VNC password from stdin'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand script" -l no-share -d 'Use a session of its own'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand script" -l wait -d 'Wait until the instance is running'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand script" -l no-cache -d 'Do not use or write the credential cache'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand script" -s v -l verbose -d 'Show more detail on stderr (repeat for everything)'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand script" -s q -l quiet -d 'Print only errors to stderr'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand script" -l no-input -d 'Ask nothing, even on a terminal'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand script" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand script" -s V -l version -d 'Print version'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand bootlog" -s i -l instance -d 'The instance, given as a flag' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand bootlog" -l interval -d 'How often to ask for it [default: 10s]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand bootlog" -l profile -d 'Use this profile [env: ALIBABA_CLOUD_PROFILE]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand bootlog" -l config -d 'Read this configuration file [env: ECS_VNC_CONFIG]' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand bootlog" -s r -l region -d 'Use this region [env: ALIBABA_CLOUD_REGION_ID]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand bootlog" -l endpoint -d 'Use this API endpoint [env: ALIBABA_CLOUD_ENDPOINT]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand bootlog" -s o -l output -d 'Format of the results' -r -f -a "text\t'Text for people'
json\t'One JSON object per line'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand bootlog" -l timeout -d 'Time limit, such as 30, 500ms or 2m [default: 30s]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand bootlog" -l lang -d 'Speak this language' -r -f -a "en\t''
zh\t''"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand bootlog" -l color -d 'Use color' -r -f -a "auto\t'Use color on a terminal'
always\t'Use color everywhere'
never\t'Use no color'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand bootlog" -l raw -d 'Keep control characters'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand bootlog" -s f -l follow -d 'Print what is new, until Ctrl-C'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand bootlog" -l no-cache -d 'Do not use or write the credential cache'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand bootlog" -s v -l verbose -d 'Show more detail on stderr (repeat for everything)'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand bootlog" -s q -l quiet -d 'Print only errors to stderr'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand bootlog" -l no-input -d 'Ask nothing, even on a terminal'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand bootlog" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand bootlog" -s V -l version -d 'Print version'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand list" -l name -d 'List only instances with this name, such as \'web-*\'' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand list" -l tag -d 'Select only instances with this tag' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand list" -l status -d 'Select only instances in this state' -r -f -a "Pending\t''
Running\t''
Starting\t''
Stopping\t''
Stopped\t''"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand list" -l columns -d 'Print these columns, in this order' -r -f -a "id\t'The ID of the instance'
name\t'The name of the instance'
status\t'The state, such as Running'
os\t'`linux` or `windows`'
region\t'The ID of the region'
private\t'First private IP address'
public\t'First public or elastic IP address'
screen\t'What the machine is at; needs --check'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand list" -l sort -d 'Sort by a column, such as name or -name' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand list" -l profile -d 'Use this profile [env: ALIBABA_CLOUD_PROFILE]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand list" -l config -d 'Read this configuration file [env: ECS_VNC_CONFIG]' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand list" -s r -l region -d 'Use this region [env: ALIBABA_CLOUD_REGION_ID]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand list" -l endpoint -d 'Use this API endpoint [env: ALIBABA_CLOUD_ENDPOINT]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand list" -s o -l output -d 'Format of the results' -r -f -a "text\t'Text for people'
json\t'One JSON object per line'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand list" -l timeout -d 'Time limit, such as 30, 500ms or 2m [default: 30s]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand list" -l lang -d 'Speak this language' -r -f -a "en\t''
zh\t''"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand list" -l color -d 'Use color' -r -f -a "auto\t'Use color on a terminal'
always\t'Use color everywhere'
never\t'Use no color'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand list" -l all-regions -d 'List all regions (the default if no region is set)'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand list" -l ids-only -d 'Print only the IDs, one per line'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand list" -l check -d 'Add a column with what each machine is at'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand list" -l no-header -d 'Print no line of titles'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand list" -l no-cache -d 'Do not use or write the credential cache'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand list" -s v -l verbose -d 'Show more detail on stderr (repeat for everything)'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand list" -s q -l quiet -d 'Print only errors to stderr'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand list" -l no-input -d 'Ask nothing, even on a terminal'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand list" -s V -l version -d 'Print version'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand start" -s i -l instance -d 'An instance, given as a flag' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand start" -l tag -d 'Select only instances with this tag' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand start" -l status -d 'Select only instances in this state' -r -f -a "Pending\t''
Running\t''
Starting\t''
Stopping\t''
Stopped\t''"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand start" -l skip-done -d 'Leave out the instances in this file' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand start" -l profile -d 'Use this profile [env: ALIBABA_CLOUD_PROFILE]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand start" -l config -d 'Read this configuration file [env: ECS_VNC_CONFIG]' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand start" -s r -l region -d 'Use this region [env: ALIBABA_CLOUD_REGION_ID]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand start" -l endpoint -d 'Use this API endpoint [env: ALIBABA_CLOUD_ENDPOINT]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand start" -s o -l output -d 'Format of the results' -r -f -a "text\t'Text for people'
json\t'One JSON object per line'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand start" -l timeout -d 'Time limit, such as 30, 500ms or 2m [default: 30s]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand start" -l lang -d 'Speak this language' -r -f -a "en\t''
zh\t''"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand start" -l color -d 'Use color' -r -f -a "auto\t'Use color on a terminal'
always\t'Use color everywhere'
never\t'Use no color'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand start" -l all -d 'Select all instances of the region'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand start" -l all-regions -d 'Select from all regions'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand start" -s y -l yes -d 'Do not ask'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand start" -l dry-run -d 'Check the request, and change nothing'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand start" -l wait -d 'Wait until it is done'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand start" -l no-cache -d 'Do not use or write the credential cache'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand start" -s v -l verbose -d 'Show more detail on stderr (repeat for everything)'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand start" -s q -l quiet -d 'Print only errors to stderr'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand start" -l no-input -d 'Ask nothing, even on a terminal'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand start" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand start" -s V -l version -d 'Print version'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand stop" -s i -l instance -d 'An instance, given as a flag' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand stop" -l tag -d 'Select only instances with this tag' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand stop" -l status -d 'Select only instances in this state' -r -f -a "Pending\t''
Running\t''
Starting\t''
Stopping\t''
Stopped\t''"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand stop" -l skip-done -d 'Leave out the instances in this file' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand stop" -l profile -d 'Use this profile [env: ALIBABA_CLOUD_PROFILE]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand stop" -l config -d 'Read this configuration file [env: ECS_VNC_CONFIG]' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand stop" -s r -l region -d 'Use this region [env: ALIBABA_CLOUD_REGION_ID]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand stop" -l endpoint -d 'Use this API endpoint [env: ALIBABA_CLOUD_ENDPOINT]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand stop" -s o -l output -d 'Format of the results' -r -f -a "text\t'Text for people'
json\t'One JSON object per line'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand stop" -l timeout -d 'Time limit, such as 30, 500ms or 2m [default: 30s]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand stop" -l lang -d 'Speak this language' -r -f -a "en\t''
zh\t''"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand stop" -l color -d 'Use color' -r -f -a "auto\t'Use color on a terminal'
always\t'Use color everywhere'
never\t'Use no color'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand stop" -l all -d 'Select all instances of the region'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand stop" -l all-regions -d 'Select from all regions'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand stop" -s y -l yes -d 'Do not ask'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand stop" -l dry-run -d 'Check the request, and change nothing'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand stop" -l wait -d 'Wait until it is done'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand stop" -l force -d 'Turn the power off, without a shutdown'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand stop" -l no-cache -d 'Do not use or write the credential cache'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand stop" -s v -l verbose -d 'Show more detail on stderr (repeat for everything)'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand stop" -s q -l quiet -d 'Print only errors to stderr'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand stop" -l no-input -d 'Ask nothing, even on a terminal'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand stop" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand stop" -s V -l version -d 'Print version'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand reboot" -s i -l instance -d 'An instance, given as a flag' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand reboot" -l tag -d 'Select only instances with this tag' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand reboot" -l status -d 'Select only instances in this state' -r -f -a "Pending\t''
Running\t''
Starting\t''
Stopping\t''
Stopped\t''"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand reboot" -l skip-done -d 'Leave out the instances in this file' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand reboot" -l profile -d 'Use this profile [env: ALIBABA_CLOUD_PROFILE]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand reboot" -l config -d 'Read this configuration file [env: ECS_VNC_CONFIG]' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand reboot" -s r -l region -d 'Use this region [env: ALIBABA_CLOUD_REGION_ID]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand reboot" -l endpoint -d 'Use this API endpoint [env: ALIBABA_CLOUD_ENDPOINT]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand reboot" -s o -l output -d 'Format of the results' -r -f -a "text\t'Text for people'
json\t'One JSON object per line'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand reboot" -l timeout -d 'Time limit, such as 30, 500ms or 2m [default: 30s]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand reboot" -l lang -d 'Speak this language' -r -f -a "en\t''
zh\t''"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand reboot" -l color -d 'Use color' -r -f -a "auto\t'Use color on a terminal'
always\t'Use color everywhere'
never\t'Use no color'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand reboot" -l all -d 'Select all instances of the region'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand reboot" -l all-regions -d 'Select from all regions'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand reboot" -s y -l yes -d 'Do not ask'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand reboot" -l dry-run -d 'Check the request, and change nothing'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand reboot" -l wait -d 'Wait until it is done'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand reboot" -l force -d 'Reset it, without a shutdown'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand reboot" -l no-cache -d 'Do not use or write the credential cache'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand reboot" -s v -l verbose -d 'Show more detail on stderr (repeat for everything)'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand reboot" -s q -l quiet -d 'Print only errors to stderr'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand reboot" -l no-input -d 'Ask nothing, even on a terminal'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand reboot" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand reboot" -s V -l version -d 'Print version'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand regions" -l profile -d 'Use this profile [env: ALIBABA_CLOUD_PROFILE]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand regions" -l config -d 'Read this configuration file [env: ECS_VNC_CONFIG]' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand regions" -s r -l region -d 'Use this region [env: ALIBABA_CLOUD_REGION_ID]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand regions" -l endpoint -d 'Use this API endpoint [env: ALIBABA_CLOUD_ENDPOINT]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand regions" -s o -l output -d 'Format of the results' -r -f -a "text\t'Text for people'
json\t'One JSON object per line'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand regions" -l timeout -d 'Time limit, such as 30, 500ms or 2m [default: 30s]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand regions" -l lang -d 'Speak this language' -r -f -a "en\t''
zh\t''"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand regions" -l color -d 'Use color' -r -f -a "auto\t'Use color on a terminal'
always\t'Use color everywhere'
never\t'Use no color'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand regions" -l no-cache -d 'Do not use or write the credential cache'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand regions" -s v -l verbose -d 'Show more detail on stderr (repeat for everything)'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand regions" -s q -l quiet -d 'Print only errors to stderr'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand regions" -l no-input -d 'Ask nothing, even on a terminal'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand regions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand regions" -s V -l version -d 'Print version'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand password; and not __fish_seen_subcommand_from set help" -l profile -d 'Use this profile [env: ALIBABA_CLOUD_PROFILE]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand password; and not __fish_seen_subcommand_from set help" -l config -d 'Read this configuration file [env: ECS_VNC_CONFIG]' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand password; and not __fish_seen_subcommand_from set help" -s r -l region -d 'Use this region [env: ALIBABA_CLOUD_REGION_ID]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand password; and not __fish_seen_subcommand_from set help" -l endpoint -d 'Use this API endpoint [env: ALIBABA_CLOUD_ENDPOINT]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand password; and not __fish_seen_subcommand_from set help" -s o -l output -d 'Format of the results' -r -f -a "text\t'Text for people'
json\t'One JSON object per line'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand password; and not __fish_seen_subcommand_from set help" -l timeout -d 'Time limit, such as 30, 500ms or 2m [default: 30s]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand password; and not __fish_seen_subcommand_from set help" -l lang -d 'Speak this language' -r -f -a "en\t''
zh\t''"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand password; and not __fish_seen_subcommand_from set help" -l color -d 'Use color' -r -f -a "auto\t'Use color on a terminal'
always\t'Use color everywhere'
never\t'Use no color'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand password; and not __fish_seen_subcommand_from set help" -l no-cache -d 'Do not use or write the credential cache'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand password; and not __fish_seen_subcommand_from set help" -s v -l verbose -d 'Show more detail on stderr (repeat for everything)'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand password; and not __fish_seen_subcommand_from set help" -s q -l quiet -d 'Print only errors to stderr'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand password; and not __fish_seen_subcommand_from set help" -l no-input -d 'Ask nothing, even on a terminal'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand password; and not __fish_seen_subcommand_from set help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand password; and not __fish_seen_subcommand_from set help" -s V -l version -d 'Print version'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand password; and not __fish_seen_subcommand_from set help" -f -a "set" -d 'Set the VNC password of an instance'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand password; and not __fish_seen_subcommand_from set help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand password; and __fish_seen_subcommand_from set" -s i -l instance -d 'The instance, given as a flag' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand password; and __fish_seen_subcommand_from set" -l profile -d 'Use this profile [env: ALIBABA_CLOUD_PROFILE]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand password; and __fish_seen_subcommand_from set" -l config -d 'Read this configuration file [env: ECS_VNC_CONFIG]' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand password; and __fish_seen_subcommand_from set" -s r -l region -d 'Use this region [env: ALIBABA_CLOUD_REGION_ID]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand password; and __fish_seen_subcommand_from set" -l endpoint -d 'Use this API endpoint [env: ALIBABA_CLOUD_ENDPOINT]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand password; and __fish_seen_subcommand_from set" -s o -l output -d 'Format of the results' -r -f -a "text\t'Text for people'
json\t'One JSON object per line'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand password; and __fish_seen_subcommand_from set" -l timeout -d 'Time limit, such as 30, 500ms or 2m [default: 30s]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand password; and __fish_seen_subcommand_from set" -l lang -d 'Speak this language' -r -f -a "en\t''
zh\t''"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand password; and __fish_seen_subcommand_from set" -l color -d 'Use color' -r -f -a "auto\t'Use color on a terminal'
always\t'Use color everywhere'
never\t'Use no color'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand password; and __fish_seen_subcommand_from set" -l stdin -d 'Read the password once, from stdin'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand password; and __fish_seen_subcommand_from set" -l no-cache -d 'Do not use or write the credential cache'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand password; and __fish_seen_subcommand_from set" -s v -l verbose -d 'Show more detail on stderr (repeat for everything)'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand password; and __fish_seen_subcommand_from set" -s q -l quiet -d 'Print only errors to stderr'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand password; and __fish_seen_subcommand_from set" -l no-input -d 'Ask nothing, even on a terminal'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand password; and __fish_seen_subcommand_from set" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand password; and __fish_seen_subcommand_from set" -s V -l version -d 'Print version'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand password; and __fish_seen_subcommand_from help" -f -a "set" -d 'Set the VNC password of an instance'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand password; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and not __fish_seen_subcommand_from list show add use edit remove help" -l profile -d 'Use this profile [env: ALIBABA_CLOUD_PROFILE]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and not __fish_seen_subcommand_from list show add use edit remove help" -l config -d 'Read this configuration file [env: ECS_VNC_CONFIG]' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and not __fish_seen_subcommand_from list show add use edit remove help" -s r -l region -d 'Use this region [env: ALIBABA_CLOUD_REGION_ID]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and not __fish_seen_subcommand_from list show add use edit remove help" -l endpoint -d 'Use this API endpoint [env: ALIBABA_CLOUD_ENDPOINT]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and not __fish_seen_subcommand_from list show add use edit remove help" -s o -l output -d 'Format of the results' -r -f -a "text\t'Text for people'
json\t'One JSON object per line'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and not __fish_seen_subcommand_from list show add use edit remove help" -l timeout -d 'Time limit, such as 30, 500ms or 2m [default: 30s]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and not __fish_seen_subcommand_from list show add use edit remove help" -l lang -d 'Speak this language' -r -f -a "en\t''
zh\t''"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and not __fish_seen_subcommand_from list show add use edit remove help" -l color -d 'Use color' -r -f -a "auto\t'Use color on a terminal'
always\t'Use color everywhere'
never\t'Use no color'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and not __fish_seen_subcommand_from list show add use edit remove help" -l no-cache -d 'Do not use or write the credential cache'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and not __fish_seen_subcommand_from list show add use edit remove help" -s v -l verbose -d 'Show more detail on stderr (repeat for everything)'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and not __fish_seen_subcommand_from list show add use edit remove help" -s q -l quiet -d 'Print only errors to stderr'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and not __fish_seen_subcommand_from list show add use edit remove help" -l no-input -d 'Ask nothing, even on a terminal'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and not __fish_seen_subcommand_from list show add use edit remove help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and not __fish_seen_subcommand_from list show add use edit remove help" -s V -l version -d 'Print version'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and not __fish_seen_subcommand_from list show add use edit remove help" -f -a "list" -d 'List the profiles; a star marks the default'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and not __fish_seen_subcommand_from list show add use edit remove help" -f -a "show" -d 'Show the settings of a profile and where they come from'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and not __fish_seen_subcommand_from list show add use edit remove help" -f -a "add" -d 'Add a profile to the configuration file'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and not __fish_seen_subcommand_from list show add use edit remove help" -f -a "use" -d 'Make a profile the default'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and not __fish_seen_subcommand_from list show add use edit remove help" -f -a "edit" -d 'Edit the configuration file, and check it afterwards'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and not __fish_seen_subcommand_from list show add use edit remove help" -f -a "remove" -d 'Remove a profile from the configuration file'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and not __fish_seen_subcommand_from list show add use edit remove help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from list" -l profile -d 'Use this profile [env: ALIBABA_CLOUD_PROFILE]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from list" -l config -d 'Read this configuration file [env: ECS_VNC_CONFIG]' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from list" -s r -l region -d 'Use this region [env: ALIBABA_CLOUD_REGION_ID]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from list" -l endpoint -d 'Use this API endpoint [env: ALIBABA_CLOUD_ENDPOINT]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from list" -s o -l output -d 'Format of the results' -r -f -a "text\t'Text for people'
json\t'One JSON object per line'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from list" -l timeout -d 'Time limit, such as 30, 500ms or 2m [default: 30s]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from list" -l lang -d 'Speak this language' -r -f -a "en\t''
zh\t''"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from list" -l color -d 'Use color' -r -f -a "auto\t'Use color on a terminal'
always\t'Use color everywhere'
never\t'Use no color'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from list" -l no-cache -d 'Do not use or write the credential cache'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Show more detail on stderr (repeat for everything)'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print only errors to stderr'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from list" -l no-input -d 'Ask nothing, even on a terminal'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from show" -l profile -d 'Use this profile [env: ALIBABA_CLOUD_PROFILE]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from show" -l config -d 'Read this configuration file [env: ECS_VNC_CONFIG]' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from show" -s r -l region -d 'Use this region [env: ALIBABA_CLOUD_REGION_ID]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from show" -l endpoint -d 'Use this API endpoint [env: ALIBABA_CLOUD_ENDPOINT]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from show" -s o -l output -d 'Format of the results' -r -f -a "text\t'Text for people'
json\t'One JSON object per line'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from show" -l timeout -d 'Time limit, such as 30, 500ms or 2m [default: 30s]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from show" -l lang -d 'Speak this language' -r -f -a "en\t''
zh\t''"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from show" -l color -d 'Use color' -r -f -a "auto\t'Use color on a terminal'
always\t'Use color everywhere'
never\t'Use no color'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from show" -l no-cache -d 'Do not use or write the credential cache'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Show more detail on stderr (repeat for everything)'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print only errors to stderr'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from show" -l no-input -d 'Ask nothing, even on a terminal'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from show" -s V -l version -d 'Print version'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from add" -l profile -d 'Use this profile [env: ALIBABA_CLOUD_PROFILE]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from add" -l config -d 'Read this configuration file [env: ECS_VNC_CONFIG]' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from add" -s r -l region -d 'Use this region [env: ALIBABA_CLOUD_REGION_ID]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from add" -l endpoint -d 'Use this API endpoint [env: ALIBABA_CLOUD_ENDPOINT]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from add" -s o -l output -d 'Format of the results' -r -f -a "text\t'Text for people'
json\t'One JSON object per line'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from add" -l timeout -d 'Time limit, such as 30, 500ms or 2m [default: 30s]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from add" -l lang -d 'Speak this language' -r -f -a "en\t''
zh\t''"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from add" -l color -d 'Use color' -r -f -a "auto\t'Use color on a terminal'
always\t'Use color everywhere'
never\t'Use no color'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from add" -l from-env -d 'Take credentials and region from the environment'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from add" -l force -d 'Replace the credentials of an existing profile'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from add" -l no-verify -d 'Do not try the credentials'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from add" -l no-cache -d 'Do not use or write the credential cache'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from add" -s v -l verbose -d 'Show more detail on stderr (repeat for everything)'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from add" -s q -l quiet -d 'Print only errors to stderr'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from add" -l no-input -d 'Ask nothing, even on a terminal'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from add" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from add" -s V -l version -d 'Print version'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from use" -l profile -d 'Use this profile [env: ALIBABA_CLOUD_PROFILE]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from use" -l config -d 'Read this configuration file [env: ECS_VNC_CONFIG]' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from use" -s r -l region -d 'Use this region [env: ALIBABA_CLOUD_REGION_ID]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from use" -l endpoint -d 'Use this API endpoint [env: ALIBABA_CLOUD_ENDPOINT]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from use" -s o -l output -d 'Format of the results' -r -f -a "text\t'Text for people'
json\t'One JSON object per line'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from use" -l timeout -d 'Time limit, such as 30, 500ms or 2m [default: 30s]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from use" -l lang -d 'Speak this language' -r -f -a "en\t''
zh\t''"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from use" -l color -d 'Use color' -r -f -a "auto\t'Use color on a terminal'
always\t'Use color everywhere'
never\t'Use no color'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from use" -l no-cache -d 'Do not use or write the credential cache'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from use" -s v -l verbose -d 'Show more detail on stderr (repeat for everything)'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from use" -s q -l quiet -d 'Print only errors to stderr'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from use" -l no-input -d 'Ask nothing, even on a terminal'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from use" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from use" -s V -l version -d 'Print version'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from edit" -l profile -d 'Use this profile [env: ALIBABA_CLOUD_PROFILE]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from edit" -l config -d 'Read this configuration file [env: ECS_VNC_CONFIG]' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from edit" -s r -l region -d 'Use this region [env: ALIBABA_CLOUD_REGION_ID]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from edit" -l endpoint -d 'Use this API endpoint [env: ALIBABA_CLOUD_ENDPOINT]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from edit" -s o -l output -d 'Format of the results' -r -f -a "text\t'Text for people'
json\t'One JSON object per line'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from edit" -l timeout -d 'Time limit, such as 30, 500ms or 2m [default: 30s]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from edit" -l lang -d 'Speak this language' -r -f -a "en\t''
zh\t''"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from edit" -l color -d 'Use color' -r -f -a "auto\t'Use color on a terminal'
always\t'Use color everywhere'
never\t'Use no color'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from edit" -l no-cache -d 'Do not use or write the credential cache'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from edit" -s v -l verbose -d 'Show more detail on stderr (repeat for everything)'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from edit" -s q -l quiet -d 'Print only errors to stderr'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from edit" -l no-input -d 'Ask nothing, even on a terminal'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from edit" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from edit" -s V -l version -d 'Print version'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from remove" -l profile -d 'Use this profile [env: ALIBABA_CLOUD_PROFILE]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from remove" -l config -d 'Read this configuration file [env: ECS_VNC_CONFIG]' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from remove" -s r -l region -d 'Use this region [env: ALIBABA_CLOUD_REGION_ID]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from remove" -l endpoint -d 'Use this API endpoint [env: ALIBABA_CLOUD_ENDPOINT]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from remove" -s o -l output -d 'Format of the results' -r -f -a "text\t'Text for people'
json\t'One JSON object per line'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from remove" -l timeout -d 'Time limit, such as 30, 500ms or 2m [default: 30s]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from remove" -l lang -d 'Speak this language' -r -f -a "en\t''
zh\t''"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from remove" -l color -d 'Use color' -r -f -a "auto\t'Use color on a terminal'
always\t'Use color everywhere'
never\t'Use no color'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from remove" -s y -l yes -d 'Do not ask'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from remove" -l no-cache -d 'Do not use or write the credential cache'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from remove" -s v -l verbose -d 'Show more detail on stderr (repeat for everything)'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from remove" -s q -l quiet -d 'Print only errors to stderr'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from remove" -l no-input -d 'Ask nothing, even on a terminal'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from remove" -s V -l version -d 'Print version'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the profiles; a star marks the default'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show the settings of a profile and where they come from'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from help" -f -a "add" -d 'Add a profile to the configuration file'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from help" -f -a "use" -d 'Make a profile the default'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from help" -f -a "edit" -d 'Edit the configuration file, and check it afterwards'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from help" -f -a "remove" -d 'Remove a profile from the configuration file'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand policy" -s i -l instance -d 'Limit the policy to this instance' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand policy" -l profile -d 'Use this profile [env: ALIBABA_CLOUD_PROFILE]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand policy" -l config -d 'Read this configuration file [env: ECS_VNC_CONFIG]' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand policy" -s r -l region -d 'Use this region [env: ALIBABA_CLOUD_REGION_ID]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand policy" -l endpoint -d 'Use this API endpoint [env: ALIBABA_CLOUD_ENDPOINT]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand policy" -s o -l output -d 'Format of the results' -r -f -a "text\t'Text for people'
json\t'One JSON object per line'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand policy" -l timeout -d 'Time limit, such as 30, 500ms or 2m [default: 30s]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand policy" -l lang -d 'Speak this language' -r -f -a "en\t''
zh\t''"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand policy" -l color -d 'Use color' -r -f -a "auto\t'Use color on a terminal'
always\t'Use color everywhere'
never\t'Use no color'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand policy" -l read -d 'Allow reading: names, screenshots, boot logs'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand policy" -l drive -d 'Allow opening consoles: keys, mouse, VNC passwords'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand policy" -l power -d 'Allow starting, stopping and rebooting'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand policy" -l no-cache -d 'Do not use or write the credential cache'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand policy" -s v -l verbose -d 'Show more detail on stderr (repeat for everything)'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand policy" -s q -l quiet -d 'Print only errors to stderr'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand policy" -l no-input -d 'Ask nothing, even on a terminal'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand policy" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand policy" -s V -l version -d 'Print version'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand doctor" -s i -l instance -d 'The instance, given as a flag' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand doctor" -l profile -d 'Use this profile [env: ALIBABA_CLOUD_PROFILE]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand doctor" -l config -d 'Read this configuration file [env: ECS_VNC_CONFIG]' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand doctor" -s r -l region -d 'Use this region [env: ALIBABA_CLOUD_REGION_ID]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand doctor" -l endpoint -d 'Use this API endpoint [env: ALIBABA_CLOUD_ENDPOINT]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand doctor" -s o -l output -d 'Format of the results' -r -f -a "text\t'Text for people'
json\t'One JSON object per line'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand doctor" -l timeout -d 'Time limit, such as 30, 500ms or 2m [default: 30s]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand doctor" -l lang -d 'Speak this language' -r -f -a "en\t''
zh\t''"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand doctor" -l color -d 'Use color' -r -f -a "auto\t'Use color on a terminal'
always\t'Use color everywhere'
never\t'Use no color'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand doctor" -l no-cache -d 'Do not use or write the credential cache'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand doctor" -s v -l verbose -d 'Show more detail on stderr (repeat for everything)'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand doctor" -s q -l quiet -d 'Print only errors to stderr'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand doctor" -l no-input -d 'Ask nothing, even on a terminal'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand doctor" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand doctor" -s V -l version -d 'Print version'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand mcp" -l only -d 'Serve only instances that match one of these' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand mcp" -l secret -d 'Let this environment variable be typed' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand mcp" -l audit -d 'Append one line of JSON for each call' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand mcp" -l profile -d 'Use this profile [env: ALIBABA_CLOUD_PROFILE]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand mcp" -l config -d 'Read this configuration file [env: ECS_VNC_CONFIG]' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand mcp" -s r -l region -d 'Use this region [env: ALIBABA_CLOUD_REGION_ID]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand mcp" -l endpoint -d 'Use this API endpoint [env: ALIBABA_CLOUD_ENDPOINT]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand mcp" -s o -l output -d 'Format of the results' -r -f -a "text\t'Text for people'
json\t'One JSON object per line'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand mcp" -l timeout -d 'Time limit, such as 30, 500ms or 2m [default: 30s]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand mcp" -l lang -d 'Speak this language' -r -f -a "en\t''
zh\t''"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand mcp" -l color -d 'Use color' -r -f -a "auto\t'Use color on a terminal'
always\t'Use color everywhere'
never\t'Use no color'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand mcp" -l allow-input -d 'Serve the tools that send input, too'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand mcp" -l no-cache -d 'Do not use or write the credential cache'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand mcp" -s v -l verbose -d 'Show more detail on stderr (repeat for everything)'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand mcp" -s q -l quiet -d 'Print only errors to stderr'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand mcp" -l no-input -d 'Ask nothing, even on a terminal'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand mcp" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand mcp" -s V -l version -d 'Print version'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand demo" -l port -d 'Local port; 0 picks one' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand demo" -l idle-limit -d 'Disconnect silent viewers [default: 300s]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand demo" -l rate-limit -d 'Throttle more requests than this in a second' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand demo" -l instances -d 'So many instances [default: 1000]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand demo" -l vnc-target -d 'Connect consoles to this VNC server' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand demo" -l shell -d 'Use this syntax' -r -f -a "sh\t'sh, bash, zsh and fish'
powershell\t'PowerShell'
cmd\t'The Command Prompt of Windows'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand demo" -l profile -d 'Use this profile [env: ALIBABA_CLOUD_PROFILE]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand demo" -l config -d 'Read this configuration file [env: ECS_VNC_CONFIG]' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand demo" -s r -l region -d 'Use this region [env: ALIBABA_CLOUD_REGION_ID]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand demo" -l endpoint -d 'Use this API endpoint [env: ALIBABA_CLOUD_ENDPOINT]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand demo" -s o -l output -d 'Format of the results' -r -f -a "text\t'Text for people'
json\t'One JSON object per line'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand demo" -l timeout -d 'Time limit, such as 30, 500ms or 2m [default: 30s]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand demo" -l lang -d 'Speak this language' -r -f -a "en\t''
zh\t''"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand demo" -l color -d 'Use color' -r -f -a "auto\t'Use color on a terminal'
always\t'Use color everywhere'
never\t'Use no color'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand demo" -l every-state -d 'Let each instance show a state of `check`'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand demo" -l no-cache -d 'Do not use or write the credential cache'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand demo" -s v -l verbose -d 'Show more detail on stderr (repeat for everything)'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand demo" -s q -l quiet -d 'Print only errors to stderr'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand demo" -l no-input -d 'Ask nothing, even on a terminal'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand demo" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand demo" -s V -l version -d 'Print version'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand completions" -l profile -d 'Use this profile [env: ALIBABA_CLOUD_PROFILE]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand completions" -l config -d 'Read this configuration file [env: ECS_VNC_CONFIG]' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand completions" -s r -l region -d 'Use this region [env: ALIBABA_CLOUD_REGION_ID]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand completions" -l endpoint -d 'Use this API endpoint [env: ALIBABA_CLOUD_ENDPOINT]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand completions" -s o -l output -d 'Format of the results' -r -f -a "text\t'Text for people'
json\t'One JSON object per line'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand completions" -l timeout -d 'Time limit, such as 30, 500ms or 2m [default: 30s]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand completions" -l lang -d 'Speak this language' -r -f -a "en\t''
zh\t''"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand completions" -l color -d 'Use color' -r -f -a "auto\t'Use color on a terminal'
always\t'Use color everywhere'
never\t'Use no color'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand completions" -l no-cache -d 'Do not use or write the credential cache'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand completions" -s v -l verbose -d 'Show more detail on stderr (repeat for everything)'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand completions" -s q -l quiet -d 'Print only errors to stderr'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand completions" -l no-input -d 'Ask nothing, even on a terminal'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand completions" -s V -l version -d 'Print version'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand man" -l profile -d 'Use this profile [env: ALIBABA_CLOUD_PROFILE]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand man" -l config -d 'Read this configuration file [env: ECS_VNC_CONFIG]' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand man" -s r -l region -d 'Use this region [env: ALIBABA_CLOUD_REGION_ID]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand man" -l endpoint -d 'Use this API endpoint [env: ALIBABA_CLOUD_ENDPOINT]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand man" -s o -l output -d 'Format of the results' -r -f -a "text\t'Text for people'
json\t'One JSON object per line'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand man" -l timeout -d 'Time limit, such as 30, 500ms or 2m [default: 30s]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand man" -l lang -d 'Speak this language' -r -f -a "en\t''
zh\t''"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand man" -l color -d 'Use color' -r -f -a "auto\t'Use color on a terminal'
always\t'Use color everywhere'
never\t'Use no color'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand man" -l licenses -d 'Print the licenses of noVNC and of the fonts instead'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand man" -l no-cache -d 'Do not use or write the credential cache'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand man" -s v -l verbose -d 'Show more detail on stderr (repeat for everything)'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand man" -s q -l quiet -d 'Print only errors to stderr'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand man" -l no-input -d 'Ask nothing, even on a terminal'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand man" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand man" -s V -l version -d 'Print version'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand version" -l profile -d 'Use this profile [env: ALIBABA_CLOUD_PROFILE]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand version" -l config -d 'Read this configuration file [env: ECS_VNC_CONFIG]' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand version" -s r -l region -d 'Use this region [env: ALIBABA_CLOUD_REGION_ID]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand version" -l endpoint -d 'Use this API endpoint [env: ALIBABA_CLOUD_ENDPOINT]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand version" -s o -l output -d 'Format of the results' -r -f -a "text\t'Text for people'
json\t'One JSON object per line'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand version" -l timeout -d 'Time limit, such as 30, 500ms or 2m [default: 30s]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand version" -l lang -d 'Speak this language' -r -f -a "en\t''
zh\t''"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand version" -l color -d 'Use color' -r -f -a "auto\t'Use color on a terminal'
always\t'Use color everywhere'
never\t'Use no color'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand version" -l no-cache -d 'Do not use or write the credential cache'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand version" -s v -l verbose -d 'Show more detail on stderr (repeat for everything)'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand version" -s q -l quiet -d 'Print only errors to stderr'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand version" -l no-input -d 'Ask nothing, even on a terminal'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand version" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand version" -s V -l version -d 'Print version'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand help; and not __fish_seen_subcommand_from vnc-url open relay view sessions console screenshot text check sheet key type login click move drag scroll exec cp wait script bootlog list start stop reboot regions password profile policy doctor mcp demo completions man version help" -f -a "vnc-url" -d 'Print the URL of the console page, valid for 15 seconds'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand help; and not __fish_seen_subcommand_from vnc-url open relay view sessions console screenshot text check sheet key type login click move drag scroll exec cp wait script bootlog list start stop reboot regions password profile policy doctor mcp demo completions man version help" -f -a "open" -d 'Open the console in a browser'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand help; and not __fish_seen_subcommand_from vnc-url open relay view sessions console screenshot text check sheet key type login click move drag scroll exec cp wait script bootlog list start stop reboot regions password profile policy doctor mcp demo completions man version help" -f -a "relay" -d 'Serve the console to VNC viewers on a local port'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand help; and not __fish_seen_subcommand_from vnc-url open relay view sessions console screenshot text check sheet key type login click move drag scroll exec cp wait script bootlog list start stop reboot regions password profile policy doctor mcp demo completions man version help" -f -a "view" -d 'Open the console in a native VNC viewer'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand help; and not __fish_seen_subcommand_from vnc-url open relay view sessions console screenshot text check sheet key type login click move drag scroll exec cp wait script bootlog list start stop reboot regions password profile policy doctor mcp demo completions man version help" -f -a "sessions" -d 'List the console sessions that your commands share'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand help; and not __fish_seen_subcommand_from vnc-url open relay view sessions console screenshot text check sheet key type login click move drag scroll exec cp wait script bootlog list start stop reboot regions password profile policy doctor mcp demo completions man version help" -f -a "console" -d 'Open the text console of an instance in this terminal'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand help; and not __fish_seen_subcommand_from vnc-url open relay view sessions console screenshot text check sheet key type login click move drag scroll exec cp wait script bootlog list start stop reboot regions password profile policy doctor mcp demo completions man version help" -f -a "screenshot" -d 'Take a screenshot of the console'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand help; and not __fish_seen_subcommand_from vnc-url open relay view sessions console screenshot text check sheet key type login click move drag scroll exec cp wait script bootlog list start stop reboot regions password profile policy doctor mcp demo completions man version help" -f -a "text" -d 'Print the text on the screen of the console'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand help; and not __fish_seen_subcommand_from vnc-url open relay view sessions console screenshot text check sheet key type login click move drag scroll exec cp wait script bootlog list start stop reboot regions password profile policy doctor mcp demo completions man version help" -f -a "check" -d 'Say what instances are at: login, boot, panic and so on'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand help; and not __fish_seen_subcommand_from vnc-url open relay view sessions console screenshot text check sheet key type login click move drag scroll exec cp wait script bootlog list start stop reboot regions password profile policy doctor mcp demo completions man version help" -f -a "sheet" -d 'Make a contact sheet: the screens of many instances on one page'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand help; and not __fish_seen_subcommand_from vnc-url open relay view sessions console screenshot text check sheet key type login click move drag scroll exec cp wait script bootlog list start stop reboot regions password profile policy doctor mcp demo completions man version help" -f -a "key" -d 'Press keys on the console'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand help; and not __fish_seen_subcommand_from vnc-url open relay view sessions console screenshot text check sheet key type login click move drag scroll exec cp wait script bootlog list start stop reboot regions password profile policy doctor mcp demo completions man version help" -f -a "type" -d 'Type text on the console'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand help; and not __fish_seen_subcommand_from vnc-url open relay view sessions console screenshot text check sheet key type login click move drag scroll exec cp wait script bootlog list start stop reboot regions password profile policy doctor mcp demo completions man version help" -f -a "login" -d 'Log in on the text console of an instance'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand help; and not __fish_seen_subcommand_from vnc-url open relay view sessions console screenshot text check sheet key type login click move drag scroll exec cp wait script bootlog list start stop reboot regions password profile policy doctor mcp demo completions man version help" -f -a "click" -d 'Click on the screen'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand help; and not __fish_seen_subcommand_from vnc-url open relay view sessions console screenshot text check sheet key type login click move drag scroll exec cp wait script bootlog list start stop reboot regions password profile policy doctor mcp demo completions man version help" -f -a "move" -d 'Move the pointer on the screen'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand help; and not __fish_seen_subcommand_from vnc-url open relay view sessions console screenshot text check sheet key type login click move drag scroll exec cp wait script bootlog list start stop reboot regions password profile policy doctor mcp demo completions man version help" -f -a "drag" -d 'Drag something across the screen'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand help; and not __fish_seen_subcommand_from vnc-url open relay view sessions console screenshot text check sheet key type login click move drag scroll exec cp wait script bootlog list start stop reboot regions password profile policy doctor mcp demo completions man version help" -f -a "scroll" -d 'Turn the wheel of the mouse'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand help; and not __fish_seen_subcommand_from vnc-url open relay view sessions console screenshot text check sheet key type login click move drag scroll exec cp wait script bootlog list start stop reboot regions password profile policy doctor mcp demo completions man version help" -f -a "exec" -d 'Run a command at a shell\'s prompt on the console'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand help; and not __fish_seen_subcommand_from vnc-url open relay view sessions console screenshot text check sheet key type login click move drag scroll exec cp wait script bootlog list start stop reboot regions password profile policy doctor mcp demo completions man version help" -f -a "cp" -d 'Copy a small file to or from a guest, over its console'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand help; and not __fish_seen_subcommand_from vnc-url open relay view sessions console screenshot text check sheet key type login click move drag scroll exec cp wait script bootlog list start stop reboot regions password profile policy doctor mcp demo completions man version help" -f -a "wait" -d 'Wait until the screen shows a text, is still or changes'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand help; and not __fish_seen_subcommand_from vnc-url open relay view sessions console screenshot text check sheet key type login click move drag scroll exec cp wait script bootlog list start stop reboot regions password profile policy doctor mcp demo completions man version help" -f -a "script" -d 'Run a script of keys, texts, logins, clicks and waits'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand help; and not __fish_seen_subcommand_from vnc-url open relay view sessions console screenshot text check sheet key type login click move drag scroll exec cp wait script bootlog list start stop reboot regions password profile policy doctor mcp demo completions man version help" -f -a "bootlog" -d 'Print the console output of the last boot or shutdown'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand help; and not __fish_seen_subcommand_from vnc-url open relay view sessions console screenshot text check sheet key type login click move drag scroll exec cp wait script bootlog list start stop reboot regions password profile policy doctor mcp demo completions man version help" -f -a "list" -d 'List the instances of a region or of all regions'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand help; and not __fish_seen_subcommand_from vnc-url open relay view sessions console screenshot text check sheet key type login click move drag scroll exec cp wait script bootlog list start stop reboot regions password profile policy doctor mcp demo completions man version help" -f -a "start" -d 'Start instances that are stopped'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand help; and not __fish_seen_subcommand_from vnc-url open relay view sessions console screenshot text check sheet key type login click move drag scroll exec cp wait script bootlog list start stop reboot regions password profile policy doctor mcp demo completions man version help" -f -a "stop" -d 'Stop instances that are running'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand help; and not __fish_seen_subcommand_from vnc-url open relay view sessions console screenshot text check sheet key type login click move drag scroll exec cp wait script bootlog list start stop reboot regions password profile policy doctor mcp demo completions man version help" -f -a "reboot" -d 'Reboot instances that are running'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand help; and not __fish_seen_subcommand_from vnc-url open relay view sessions console screenshot text check sheet key type login click move drag scroll exec cp wait script bootlog list start stop reboot regions password profile policy doctor mcp demo completions man version help" -f -a "regions" -d 'List the regions with their names and endpoints'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand help; and not __fish_seen_subcommand_from vnc-url open relay view sessions console screenshot text check sheet key type login click move drag scroll exec cp wait script bootlog list start stop reboot regions password profile policy doctor mcp demo completions man version help" -f -a "password" -d 'Set the VNC password of an instance'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand help; and not __fish_seen_subcommand_from vnc-url open relay view sessions console screenshot text check sheet key type login click move drag scroll exec cp wait script bootlog list start stop reboot regions password profile policy doctor mcp demo completions man version help" -f -a "profile" -d 'List, show, add, choose and remove profiles'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand help; and not __fish_seen_subcommand_from vnc-url open relay view sessions console screenshot text check sheet key type login click move drag scroll exec cp wait script bootlog list start stop reboot regions password profile policy doctor mcp demo completions man version help" -f -a "policy" -d 'Print the RAM policy that a task needs'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand help; and not __fish_seen_subcommand_from vnc-url open relay view sessions console screenshot text check sheet key type login click move drag scroll exec cp wait script bootlog list start stop reboot regions password profile policy doctor mcp demo completions man version help" -f -a "doctor" -d 'Check credentials, region, network, permissions and browser'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand help; and not __fish_seen_subcommand_from vnc-url open relay view sessions console screenshot text check sheet key type login click move drag scroll exec cp wait script bootlog list start stop reboot regions password profile policy doctor mcp demo completions man version help" -f -a "mcp" -d 'Serve an agent over MCP on stdin and stdout'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand help; and not __fish_seen_subcommand_from vnc-url open relay view sessions console screenshot text check sheet key type login click move drag scroll exec cp wait script bootlog list start stop reboot regions password profile policy doctor mcp demo completions man version help" -f -a "demo" -d 'Serve a simulated account on this machine until Ctrl-C'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand help; and not __fish_seen_subcommand_from vnc-url open relay view sessions console screenshot text check sheet key type login click move drag scroll exec cp wait script bootlog list start stop reboot regions password profile policy doctor mcp demo completions man version help" -f -a "completions" -d 'Print a shell completion script'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand help; and not __fish_seen_subcommand_from vnc-url open relay view sessions console screenshot text check sheet key type login click move drag scroll exec cp wait script bootlog list start stop reboot regions password profile policy doctor mcp demo completions man version help" -f -a "man" -d 'Print the manual page (roff)'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand help; and not __fish_seen_subcommand_from vnc-url open relay view sessions console screenshot text check sheet key type login click move drag scroll exec cp wait script bootlog list start stop reboot regions password profile policy doctor mcp demo completions man version help" -f -a "version" -d 'Print the version, the commit and the target'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand help; and not __fish_seen_subcommand_from vnc-url open relay view sessions console screenshot text check sheet key type login click move drag scroll exec cp wait script bootlog list start stop reboot regions password profile policy doctor mcp demo completions man version help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand help; and __fish_seen_subcommand_from password" -f -a "set" -d 'Set the VNC password of an instance'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand help; and __fish_seen_subcommand_from profile" -f -a "list" -d 'List the profiles; a star marks the default'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand help; and __fish_seen_subcommand_from profile" -f -a "show" -d 'Show the settings of a profile and where they come from'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand help; and __fish_seen_subcommand_from profile" -f -a "add" -d 'Add a profile to the configuration file'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand help; and __fish_seen_subcommand_from profile" -f -a "use" -d 'Make a profile the default'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand help; and __fish_seen_subcommand_from profile" -f -a "edit" -d 'Edit the configuration file, and check it afterwards'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand help; and __fish_seen_subcommand_from profile" -f -a "remove" -d 'Remove a profile from the configuration file'
