# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_ecs_vnc_global_optspecs
    string join \n profile= config= r/region= endpoint= o/output= timeout= no-cache v/verbose q/quiet color= h/help V/version
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

complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -l profile -d 'The profile to use; `demo` is a simulated account that needs no network' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -l config -d 'The configuration file, in place of the user\'s own' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -s r -l region -d 'The region the instance is in, such as cn-hangzhou' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -l endpoint -d 'The API\'s endpoint: a host (https), or http(s)://HOST[:PORT]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -s o -l output -d 'The form of results and of errors' -r -f -a "text\t'For people'
json\t'One JSON object a line'"
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -l timeout -d 'How long a command may take up to its answer [default: 30; `open` waits 120 for the browser, `wait` 60 for the screen]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -l color -d 'When to colour; NO_COLOR is honoured' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -l no-cache -d 'Ask for new temporary keys, and keep none'
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -s v -l verbose -d 'Tell more on stderr about the way to the result; -vv tells all'
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -s q -l quiet -d 'Nothing on stderr but errors'
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -s V -l version -d 'Print version'
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -f -a "vnc-url" -d 'Print the URL of an instance\'s console page, valid for 15 seconds'
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -f -a "open" -d 'Open an instance\'s console in the browser, within the 15 seconds'
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -f -a "relay" -d 'Serve an instance\'s console to native VNC viewers, on a port of this machine'
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -f -a "view" -d 'Open an instance\'s console in a native VNC viewer'
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -f -a "screenshot" -d 'Take a picture of an instance\'s screen'
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -f -a "key" -d 'Press keys on an instance\'s console, without a viewer'
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -f -a "type" -d 'Type a text on an instance\'s console, without a viewer'
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -f -a "wait" -d 'Wait until an instance\'s screen stands still, changes, or looks like a picture'
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -f -a "script" -d 'See and drive an instance\'s console by a script, over one connection.'
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -f -a "bootlog" -d 'Print what an instance wrote to its console when it last started, restarted or shut down'
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -f -a "list" -d 'List the instances of the home region, or of every region'
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -f -a "regions" -d 'List the account\'s regions, with their names and endpoints'
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -f -a "password" -d 'Set the VNC password of an instance'
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -f -a "profile" -d 'List, show and add the profiles of the configuration'
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -f -a "doctor" -d 'Check everything that `open` needs: files, profile, keys, region, proxy, clock, permissions, instance, browser'
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -f -a "demo" -d 'Serve a simulated account on loopback until Ctrl-C'
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -f -a "completions" -d 'Print a shell\'s completion script'
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -f -a "man" -d 'Print the manual page (roff)'
complete -c ecs-vnc -n "__fish_ecs_vnc_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand vnc-url" -s i -l instance -d 'An instance, as a flag instead of an argument; may be repeated' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand vnc-url" -l profile -d 'The profile to use; `demo` is a simulated account that needs no network' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand vnc-url" -l config -d 'The configuration file, in place of the user\'s own' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand vnc-url" -s r -l region -d 'The region the instance is in, such as cn-hangzhou' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand vnc-url" -l endpoint -d 'The API\'s endpoint: a host (https), or http(s)://HOST[:PORT]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand vnc-url" -s o -l output -d 'The form of results and of errors' -r -f -a "text\t'For people'
json\t'One JSON object a line'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand vnc-url" -l timeout -d 'How long a command may take up to its answer [default: 30; `open` waits 120 for the browser, `wait` 60 for the screen]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand vnc-url" -l color -d 'When to colour; NO_COLOR is honoured' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand vnc-url" -l windows -d 'Tell the console page that the instance runs Windows, instead of asking the API'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand vnc-url" -l no-windows -d 'Tell the console page that the instance does not run Windows, instead of asking the API'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand vnc-url" -l password-stdin -d 'Read the instance\'s VNC password, a line of six letters or digits, from stdin and hand it to the page'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand vnc-url" -l wait -d 'Wait until the instance runs, for as long as --timeout says [default: 600 s]'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand vnc-url" -l no-cache -d 'Ask for new temporary keys, and keep none'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand vnc-url" -s v -l verbose -d 'Tell more on stderr about the way to the result; -vv tells all'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand vnc-url" -s q -l quiet -d 'Nothing on stderr but errors'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand vnc-url" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand vnc-url" -s V -l version -d 'Print version'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand open" -s i -l instance -d 'The instance, as a flag instead of an argument' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand open" -l page -d 'Whose page shows the console: the vendor\'s, or one of our own, which this command serves until it is closed. That one reconnects, pastes as keystrokes, needs nobody\'s CDN, and never sees the VncUrl' -r -f -a "vendor\t'The vendor\'s, on its own host'
local\t'Our own, on this machine'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand open" -l keepalive -d 'Ask for an update when the viewer has been silent for so long, since idle consoles are cut; `off` does not [default: 45s]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand open" -l keepalive-for -d 'Do so for at most this long from the moment a viewer has connected [default: 8h]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand open" -l profile -d 'The profile to use; `demo` is a simulated account that needs no network' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand open" -l config -d 'The configuration file, in place of the user\'s own' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand open" -s r -l region -d 'The region the instance is in, such as cn-hangzhou' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand open" -l endpoint -d 'The API\'s endpoint: a host (https), or http(s)://HOST[:PORT]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand open" -s o -l output -d 'The form of results and of errors' -r -f -a "text\t'For people'
json\t'One JSON object a line'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand open" -l timeout -d 'How long a command may take up to its answer [default: 30; `open` waits 120 for the browser, `wait` 60 for the screen]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand open" -l color -d 'When to colour; NO_COLOR is honoured' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand open" -l print -d 'Start no browser: print the link on this machine, and wait for whoever opens it'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand open" -l stay -d 'Serve the link until Ctrl-C: reloading it reconnects'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand open" -l direct -d 'Hand the console\'s URL itself to the browser. It then stands in the browser\'s arguments, where `ps` shows it, and the browser must be up within the 15 seconds'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand open" -l windows -d 'Tell the console page that the instance runs Windows, instead of asking the API'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand open" -l no-windows -d 'Tell the console page that the instance does not run Windows, instead of asking the API'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand open" -l password-stdin -d 'Read the instance\'s VNC password, a line of six letters or digits, from stdin and hand it to the page'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand open" -l wait -d 'Wait until the instance runs, for as long as --timeout says [default: 600 s]'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand open" -l no-cache -d 'Ask for new temporary keys, and keep none'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand open" -s v -l verbose -d 'Tell more on stderr about the way to the result; -vv tells all'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand open" -s q -l quiet -d 'Nothing on stderr but errors'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand open" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand open" -s V -l version -d 'Print version'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand relay" -s i -l instance -d 'An instance, as a flag instead of an argument; may be repeated' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand relay" -l listen -d 'The address to listen on' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand relay" -l port -d 'The port to listen on; of several instances that of the first, the next has the next. 0 is any free one' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand relay" -l unix -d 'Listen on a Unix socket in place of a port, which only you can reach: mode 0600, in a directory of mode 0700, which is made where there is none' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand relay" -l keepalive -d 'Ask for an update when the viewer has been silent for so long, since idle consoles are cut; `off` does not [default: 45s]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand relay" -l keepalive-for -d 'Do so for at most this long from the moment a viewer has connected [default: 8h]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand relay" -l profile -d 'The profile to use; `demo` is a simulated account that needs no network' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand relay" -l config -d 'The configuration file, in place of the user\'s own' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand relay" -s r -l region -d 'The region the instance is in, such as cn-hangzhou' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand relay" -l endpoint -d 'The API\'s endpoint: a host (https), or http(s)://HOST[:PORT]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand relay" -s o -l output -d 'The form of results and of errors' -r -f -a "text\t'For people'
json\t'One JSON object a line'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand relay" -l timeout -d 'How long a command may take up to its answer [default: 30; `open` waits 120 for the browser, `wait` 60 for the screen]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand relay" -l color -d 'When to colour; NO_COLOR is honoured' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand relay" -l allow-remote -d 'Let other machines connect, where --listen names an address that they reach. Nothing is encrypted, and whoever connects has the console'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand relay" -l wait -d 'Wait until the instances run, for as long as --timeout says [default: 600 s]'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand relay" -l no-cache -d 'Ask for new temporary keys, and keep none'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand relay" -s v -l verbose -d 'Tell more on stderr about the way to the result; -vv tells all'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand relay" -s q -l quiet -d 'Nothing on stderr but errors'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand relay" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand relay" -s V -l version -d 'Print version'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand view" -s i -l instance -d 'The instance, as a flag instead of an argument' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand view" -l viewer -d 'The viewer: a command line with {host}, {port}, {display}, {socket} (a Unix socket) or {title} in it. A viewer that is known needs none of them; any other gets HOST::PORT at its end. Also ECS_VNC_VIEWER. By default the first found of TigerVNC, RealVNC, remote-viewer, Remmina, Screen Sharing, TightVNC' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand view" -l port -d 'The port of 127.0.0.1 to listen on; 0 is any free one' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand view" -l keepalive -d 'Ask for an update when the viewer has been silent for so long, since idle consoles are cut; `off` does not [default: 45s]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand view" -l keepalive-for -d 'Do so for at most this long from the moment a viewer has connected [default: 8h]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand view" -l profile -d 'The profile to use; `demo` is a simulated account that needs no network' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand view" -l config -d 'The configuration file, in place of the user\'s own' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand view" -s r -l region -d 'The region the instance is in, such as cn-hangzhou' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand view" -l endpoint -d 'The API\'s endpoint: a host (https), or http(s)://HOST[:PORT]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand view" -s o -l output -d 'The form of results and of errors' -r -f -a "text\t'For people'
json\t'One JSON object a line'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand view" -l timeout -d 'How long a command may take up to its answer [default: 30; `open` waits 120 for the browser, `wait` 60 for the screen]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand view" -l color -d 'When to colour; NO_COLOR is honoured' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand view" -l wait -d 'Wait until the instance runs, for as long as --timeout says [default: 600 s]'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand view" -l no-cache -d 'Ask for new temporary keys, and keep none'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand view" -s v -l verbose -d 'Tell more on stderr about the way to the result; -vv tells all'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand view" -s q -l quiet -d 'Nothing on stderr but errors'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand view" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand view" -s V -l version -d 'Print version'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand screenshot" -s i -l instance -d 'An instance, as a flag instead of an argument; may be repeated' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand screenshot" -s f -l file -d 'The file, in which {instance} is the id and {time} the time (UTC); `-` is stdout. Only you can read it. One that is there is replaced [default: {instance}-{time}.png]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand screenshot" -l via -d 'From where: `auto` takes the API\'s picture, and goes over VNC where the API has none' -r -f -a "auto\t'From the API, or else over VNC'
api\t'From the API: nobody is thrown out'
vnc\t'Over VNC: exact to the pixel'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand screenshot" -l show -d 'Draw the picture in the terminal; no file is written then unless -f names one. The terminal\'s kind is told from its environment, and can be given: half blocks (`blocks`) are understood by all that have colours' -r -f -a "auto\t'As the terminal can'
kitty\t'kitty\'s graphics protocol; also Ghostty\'s'
iterm2\t'iTerm2\'s inline images; also WezTerm\'s and mintty\'s'
sixel\t'Sixel graphics'
blocks\t'Half blocks, two pixels a cell'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand screenshot" -l profile -d 'The profile to use; `demo` is a simulated account that needs no network' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand screenshot" -l config -d 'The configuration file, in place of the user\'s own' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand screenshot" -s r -l region -d 'The region the instance is in, such as cn-hangzhou' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand screenshot" -l endpoint -d 'The API\'s endpoint: a host (https), or http(s)://HOST[:PORT]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand screenshot" -s o -l output -d 'The form of results and of errors' -r -f -a "text\t'For people'
json\t'One JSON object a line'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand screenshot" -l timeout -d 'How long a command may take up to its answer [default: 30; `open` waits 120 for the browser, `wait` 60 for the screen]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand screenshot" -l color -d 'When to colour; NO_COLOR is honoured' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand screenshot" -l wake -d 'Wake a screen that sleeps: the API does it by itself, over VNC the Shift key is pressed'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand screenshot" -l password-stdin -d 'Read the instance\'s VNC password, a line of six letters or digits, from stdin. Few consoles ask for it'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand screenshot" -l wait -d 'Wait until the instance runs, for as long as --timeout says [default: 600 s]'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand screenshot" -l no-cache -d 'Ask for new temporary keys, and keep none'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand screenshot" -s v -l verbose -d 'Tell more on stderr about the way to the result; -vv tells all'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand screenshot" -s q -l quiet -d 'Nothing on stderr but errors'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand screenshot" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand screenshot" -s V -l version -d 'Print version'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand key" -s i -l instance -d 'The instance, as a flag instead of an argument' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand key" -l profile -d 'The profile to use; `demo` is a simulated account that needs no network' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand key" -l config -d 'The configuration file, in place of the user\'s own' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand key" -s r -l region -d 'The region the instance is in, such as cn-hangzhou' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand key" -l endpoint -d 'The API\'s endpoint: a host (https), or http(s)://HOST[:PORT]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand key" -s o -l output -d 'The form of results and of errors' -r -f -a "text\t'For people'
json\t'One JSON object a line'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand key" -l timeout -d 'How long a command may take up to its answer [default: 30; `open` waits 120 for the browser, `wait` 60 for the screen]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand key" -l color -d 'When to colour; NO_COLOR is honoured' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand key" -l keysyms -d 'Send keysyms even where the console takes scancodes (the QEMU Extended Key Event)'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand key" -l password-stdin -d 'Read the instance\'s VNC password, a line of six letters or digits, from stdin. Few consoles ask for it'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand key" -l wait -d 'Wait until the instance runs, for as long as --timeout says [default: 600 s]'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand key" -l no-cache -d 'Ask for new temporary keys, and keep none'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand key" -s v -l verbose -d 'Tell more on stderr about the way to the result; -vv tells all'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand key" -s q -l quiet -d 'Nothing on stderr but errors'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand key" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand key" -s V -l version -d 'Print version'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand type" -s i -l instance -d 'The instance, as a flag instead of an argument' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand type" -l file -d 'Type what stands in a file, but for a line\'s end at its end' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand type" -l env -d 'Type the value of an environment variable' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand type" -l delay -d 'The time from one key to the next, up to 10 s' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand type" -l layout -d 'The keyboard layout that the guest has set' -r -f -a "us\t'United States'
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
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand type" -l profile -d 'The profile to use; `demo` is a simulated account that needs no network' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand type" -l config -d 'The configuration file, in place of the user\'s own' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand type" -s r -l region -d 'The region the instance is in, such as cn-hangzhou' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand type" -l endpoint -d 'The API\'s endpoint: a host (https), or http(s)://HOST[:PORT]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand type" -s o -l output -d 'The form of results and of errors' -r -f -a "text\t'For people'
json\t'One JSON object a line'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand type" -l timeout -d 'How long a command may take up to its answer [default: 30; `open` waits 120 for the browser, `wait` 60 for the screen]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand type" -l color -d 'When to colour; NO_COLOR is honoured' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand type" -l stdin -d 'Type what stands on stdin, but for a line\'s end at its end'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand type" -l enter -d 'Press Enter at the end'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand type" -l keysyms -d 'Send keysyms even where the console takes scancodes (the QEMU Extended Key Event)'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand type" -l password-stdin -d 'Read the instance\'s VNC password, a line of six letters or digits, from stdin. Few consoles ask for it'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand type" -l wait -d 'Wait until the instance runs, for as long as --timeout says [default: 600 s]'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand type" -l no-cache -d 'Ask for new temporary keys, and keep none'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand type" -s v -l verbose -d 'Tell more on stderr about the way to the result; -vv tells all'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand type" -s q -l quiet -d 'Nothing on stderr but errors'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand type" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand type" -s V -l version -d 'Print version'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand wait" -s i -l instance -d 'The instance, as a flag instead of an argument' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand wait" -l still -d 'Until nothing has changed for so long, such as 3s. A text cursor that blinks is no change; --area leaves out a part that always changes' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand wait" -l image -d 'Until the screen looks like the picture in this file, a PNG or JPG of its size' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand wait" -l area -d 'Look at this part of the screen only, in pixels from its top left corner' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand wait" -l tolerance -d 'Take pixels as equal whose red, green and blue differ by no more than this, of 255: a JPG is never exact' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand wait" -l save -d 'Write what is on the screen at the end of the time to a file, a PNG, should it have been in vain' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand wait" -l profile -d 'The profile to use; `demo` is a simulated account that needs no network' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand wait" -l config -d 'The configuration file, in place of the user\'s own' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand wait" -s r -l region -d 'The region the instance is in, such as cn-hangzhou' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand wait" -l endpoint -d 'The API\'s endpoint: a host (https), or http(s)://HOST[:PORT]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand wait" -s o -l output -d 'The form of results and of errors' -r -f -a "text\t'For people'
json\t'One JSON object a line'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand wait" -l timeout -d 'How long a command may take up to its answer [default: 30; `open` waits 120 for the browser, `wait` 60 for the screen]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand wait" -l color -d 'When to colour; NO_COLOR is honoured' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand wait" -l change -d 'Until something changes'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand wait" -l password-stdin -d 'Read the instance\'s VNC password, a line of six letters or digits, from stdin. Few consoles ask for it'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand wait" -l wait -d 'Wait until the instance runs, for as long as --timeout says [default: 600 s]'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand wait" -l no-cache -d 'Ask for new temporary keys, and keep none'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand wait" -s v -l verbose -d 'Tell more on stderr about the way to the result; -vv tells all'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand wait" -s q -l quiet -d 'Nothing on stderr but errors'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand wait" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand wait" -s V -l version -d 'Print version'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand script" -s i -l instance -d 'The instance, as a flag instead of an argument' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand script" -l profile -d 'The profile to use; `demo` is a simulated account that needs no network' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand script" -l config -d 'The configuration file, in place of the user\'s own' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand script" -s r -l region -d 'The region the instance is in, such as cn-hangzhou' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand script" -l endpoint -d 'The API\'s endpoint: a host (https), or http(s)://HOST[:PORT]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand script" -s o -l output -d 'The form of results and of errors' -r -f -a "text\t'For people'
json\t'One JSON object a line'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand script" -l timeout -d 'How long a command may take up to its answer [default: 30; `open` waits 120 for the browser, `wait` 60 for the screen]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand script" -l color -d 'When to colour; NO_COLOR is honoured' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand script" -l password-stdin -d 'Read the instance\'s VNC password, a line of six letters or digits, from stdin. Few consoles ask for it'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand script" -l wait -d 'Wait until the instance runs, for as long as --timeout says [default: 600 s]'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand script" -l no-cache -d 'Ask for new temporary keys, and keep none'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand script" -s v -l verbose -d 'Tell more on stderr about the way to the result; -vv tells all'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand script" -s q -l quiet -d 'Nothing on stderr but errors'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand script" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand script" -s V -l version -d 'Print version'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand bootlog" -s i -l instance -d 'The instance, as a flag instead of an argument' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand bootlog" -l profile -d 'The profile to use; `demo` is a simulated account that needs no network' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand bootlog" -l config -d 'The configuration file, in place of the user\'s own' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand bootlog" -s r -l region -d 'The region the instance is in, such as cn-hangzhou' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand bootlog" -l endpoint -d 'The API\'s endpoint: a host (https), or http(s)://HOST[:PORT]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand bootlog" -s o -l output -d 'The form of results and of errors' -r -f -a "text\t'For people'
json\t'One JSON object a line'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand bootlog" -l timeout -d 'How long a command may take up to its answer [default: 30; `open` waits 120 for the browser, `wait` 60 for the screen]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand bootlog" -l color -d 'When to colour; NO_COLOR is honoured' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand bootlog" -l no-cache -d 'Ask for new temporary keys, and keep none'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand bootlog" -s v -l verbose -d 'Tell more on stderr about the way to the result; -vv tells all'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand bootlog" -s q -l quiet -d 'Nothing on stderr but errors'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand bootlog" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand bootlog" -s V -l version -d 'Print version'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand list" -l name -d 'Only those of this name, in which `*` stands for anything and `?` for one character' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand list" -l status -d 'Only those in this state' -r -f -a "Pending\t''
Running\t''
Starting\t''
Stopping\t''
Stopped\t''"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand list" -l tag -d 'Only those with this tag and, where it is given, this value of it; several must all be there, up to 20' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand list" -l profile -d 'The profile to use; `demo` is a simulated account that needs no network' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand list" -l config -d 'The configuration file, in place of the user\'s own' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand list" -s r -l region -d 'The region the instance is in, such as cn-hangzhou' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand list" -l endpoint -d 'The API\'s endpoint: a host (https), or http(s)://HOST[:PORT]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand list" -s o -l output -d 'The form of results and of errors' -r -f -a "text\t'For people'
json\t'One JSON object a line'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand list" -l timeout -d 'How long a command may take up to its answer [default: 30; `open` waits 120 for the browser, `wait` 60 for the screen]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand list" -l color -d 'When to colour; NO_COLOR is honoured' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand list" -l all-regions -d 'Of every region; so it is, too, where no region is set'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand list" -l ids-only -d 'Their ids only, one a line, whatever --output says'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand list" -l no-cache -d 'Ask for new temporary keys, and keep none'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand list" -s v -l verbose -d 'Tell more on stderr about the way to the result; -vv tells all'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand list" -s q -l quiet -d 'Nothing on stderr but errors'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand list" -s V -l version -d 'Print version'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand regions" -l lang -d 'The language of their names [default: the locale\'s, else the profile\'s]' -r -f -a "zh\t'Chinese'
en\t'English'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand regions" -l profile -d 'The profile to use; `demo` is a simulated account that needs no network' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand regions" -l config -d 'The configuration file, in place of the user\'s own' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand regions" -s r -l region -d 'The region the instance is in, such as cn-hangzhou' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand regions" -l endpoint -d 'The API\'s endpoint: a host (https), or http(s)://HOST[:PORT]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand regions" -s o -l output -d 'The form of results and of errors' -r -f -a "text\t'For people'
json\t'One JSON object a line'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand regions" -l timeout -d 'How long a command may take up to its answer [default: 30; `open` waits 120 for the browser, `wait` 60 for the screen]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand regions" -l color -d 'When to colour; NO_COLOR is honoured' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand regions" -l no-cache -d 'Ask for new temporary keys, and keep none'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand regions" -s v -l verbose -d 'Tell more on stderr about the way to the result; -vv tells all'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand regions" -s q -l quiet -d 'Nothing on stderr but errors'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand regions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand regions" -s V -l version -d 'Print version'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand password; and not __fish_seen_subcommand_from set help" -l profile -d 'The profile to use; `demo` is a simulated account that needs no network' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand password; and not __fish_seen_subcommand_from set help" -l config -d 'The configuration file, in place of the user\'s own' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand password; and not __fish_seen_subcommand_from set help" -s r -l region -d 'The region the instance is in, such as cn-hangzhou' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand password; and not __fish_seen_subcommand_from set help" -l endpoint -d 'The API\'s endpoint: a host (https), or http(s)://HOST[:PORT]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand password; and not __fish_seen_subcommand_from set help" -s o -l output -d 'The form of results and of errors' -r -f -a "text\t'For people'
json\t'One JSON object a line'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand password; and not __fish_seen_subcommand_from set help" -l timeout -d 'How long a command may take up to its answer [default: 30; `open` waits 120 for the browser, `wait` 60 for the screen]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand password; and not __fish_seen_subcommand_from set help" -l color -d 'When to colour; NO_COLOR is honoured' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand password; and not __fish_seen_subcommand_from set help" -l no-cache -d 'Ask for new temporary keys, and keep none'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand password; and not __fish_seen_subcommand_from set help" -s v -l verbose -d 'Tell more on stderr about the way to the result; -vv tells all'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand password; and not __fish_seen_subcommand_from set help" -s q -l quiet -d 'Nothing on stderr but errors'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand password; and not __fish_seen_subcommand_from set help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand password; and not __fish_seen_subcommand_from set help" -s V -l version -d 'Print version'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand password; and not __fish_seen_subcommand_from set help" -f -a "set" -d 'Set the VNC password of an instance: six letters or digits'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand password; and not __fish_seen_subcommand_from set help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand password; and __fish_seen_subcommand_from set" -s i -l instance -d 'The instance, as a flag instead of an argument' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand password; and __fish_seen_subcommand_from set" -l profile -d 'The profile to use; `demo` is a simulated account that needs no network' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand password; and __fish_seen_subcommand_from set" -l config -d 'The configuration file, in place of the user\'s own' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand password; and __fish_seen_subcommand_from set" -s r -l region -d 'The region the instance is in, such as cn-hangzhou' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand password; and __fish_seen_subcommand_from set" -l endpoint -d 'The API\'s endpoint: a host (https), or http(s)://HOST[:PORT]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand password; and __fish_seen_subcommand_from set" -s o -l output -d 'The form of results and of errors' -r -f -a "text\t'For people'
json\t'One JSON object a line'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand password; and __fish_seen_subcommand_from set" -l timeout -d 'How long a command may take up to its answer [default: 30; `open` waits 120 for the browser, `wait` 60 for the screen]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand password; and __fish_seen_subcommand_from set" -l color -d 'When to colour; NO_COLOR is honoured' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand password; and __fish_seen_subcommand_from set" -l stdin -d 'Read the password from stdin, on a terminal too'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand password; and __fish_seen_subcommand_from set" -l no-cache -d 'Ask for new temporary keys, and keep none'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand password; and __fish_seen_subcommand_from set" -s v -l verbose -d 'Tell more on stderr about the way to the result; -vv tells all'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand password; and __fish_seen_subcommand_from set" -s q -l quiet -d 'Nothing on stderr but errors'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand password; and __fish_seen_subcommand_from set" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand password; and __fish_seen_subcommand_from set" -s V -l version -d 'Print version'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand password; and __fish_seen_subcommand_from help" -f -a "set" -d 'Set the VNC password of an instance: six letters or digits'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand password; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and not __fish_seen_subcommand_from list show add help" -l profile -d 'The profile to use; `demo` is a simulated account that needs no network' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and not __fish_seen_subcommand_from list show add help" -l config -d 'The configuration file, in place of the user\'s own' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and not __fish_seen_subcommand_from list show add help" -s r -l region -d 'The region the instance is in, such as cn-hangzhou' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and not __fish_seen_subcommand_from list show add help" -l endpoint -d 'The API\'s endpoint: a host (https), or http(s)://HOST[:PORT]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and not __fish_seen_subcommand_from list show add help" -s o -l output -d 'The form of results and of errors' -r -f -a "text\t'For people'
json\t'One JSON object a line'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and not __fish_seen_subcommand_from list show add help" -l timeout -d 'How long a command may take up to its answer [default: 30; `open` waits 120 for the browser, `wait` 60 for the screen]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and not __fish_seen_subcommand_from list show add help" -l color -d 'When to colour; NO_COLOR is honoured' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and not __fish_seen_subcommand_from list show add help" -l no-cache -d 'Ask for new temporary keys, and keep none'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and not __fish_seen_subcommand_from list show add help" -s v -l verbose -d 'Tell more on stderr about the way to the result; -vv tells all'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and not __fish_seen_subcommand_from list show add help" -s q -l quiet -d 'Nothing on stderr but errors'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and not __fish_seen_subcommand_from list show add help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and not __fish_seen_subcommand_from list show add help" -s V -l version -d 'Print version'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and not __fish_seen_subcommand_from list show add help" -f -a "list" -d 'List the profiles; the default is marked with a star'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and not __fish_seen_subcommand_from list show add help" -f -a "show" -d 'Show a profile, its secrets masked, and where its settings come from'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and not __fish_seen_subcommand_from list show add help" -f -a "add" -d 'Add a profile to the configuration, readable by you only'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and not __fish_seen_subcommand_from list show add help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from list" -l profile -d 'The profile to use; `demo` is a simulated account that needs no network' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from list" -l config -d 'The configuration file, in place of the user\'s own' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from list" -s r -l region -d 'The region the instance is in, such as cn-hangzhou' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from list" -l endpoint -d 'The API\'s endpoint: a host (https), or http(s)://HOST[:PORT]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from list" -s o -l output -d 'The form of results and of errors' -r -f -a "text\t'For people'
json\t'One JSON object a line'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from list" -l timeout -d 'How long a command may take up to its answer [default: 30; `open` waits 120 for the browser, `wait` 60 for the screen]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from list" -l color -d 'When to colour; NO_COLOR is honoured' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from list" -l no-cache -d 'Ask for new temporary keys, and keep none'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Tell more on stderr about the way to the result; -vv tells all'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Nothing on stderr but errors'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from show" -l profile -d 'The profile to use; `demo` is a simulated account that needs no network' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from show" -l config -d 'The configuration file, in place of the user\'s own' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from show" -s r -l region -d 'The region the instance is in, such as cn-hangzhou' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from show" -l endpoint -d 'The API\'s endpoint: a host (https), or http(s)://HOST[:PORT]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from show" -s o -l output -d 'The form of results and of errors' -r -f -a "text\t'For people'
json\t'One JSON object a line'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from show" -l timeout -d 'How long a command may take up to its answer [default: 30; `open` waits 120 for the browser, `wait` 60 for the screen]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from show" -l color -d 'When to colour; NO_COLOR is honoured' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from show" -l no-cache -d 'Ask for new temporary keys, and keep none'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Tell more on stderr about the way to the result; -vv tells all'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Nothing on stderr but errors'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from show" -s V -l version -d 'Print version'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from add" -l profile -d 'The profile to use; `demo` is a simulated account that needs no network' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from add" -l config -d 'The configuration file, in place of the user\'s own' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from add" -s r -l region -d 'The region the instance is in, such as cn-hangzhou' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from add" -l endpoint -d 'The API\'s endpoint: a host (https), or http(s)://HOST[:PORT]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from add" -s o -l output -d 'The form of results and of errors' -r -f -a "text\t'For people'
json\t'One JSON object a line'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from add" -l timeout -d 'How long a command may take up to its answer [default: 30; `open` waits 120 for the browser, `wait` 60 for the screen]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from add" -l color -d 'When to colour; NO_COLOR is honoured' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from add" -l from-env -d 'Take key, token and region from the environment (ALIBABA_CLOUD_ACCESS_KEY_ID and its siblings)'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from add" -l force -d 'Replace the keys of a profile of this name'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from add" -l no-cache -d 'Ask for new temporary keys, and keep none'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from add" -s v -l verbose -d 'Tell more on stderr about the way to the result; -vv tells all'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from add" -s q -l quiet -d 'Nothing on stderr but errors'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from add" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from add" -s V -l version -d 'Print version'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the profiles; the default is marked with a star'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show a profile, its secrets masked, and where its settings come from'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from help" -f -a "add" -d 'Add a profile to the configuration, readable by you only'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand profile; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand doctor" -s i -l instance -d 'The instance, as a flag instead of an argument' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand doctor" -l profile -d 'The profile to use; `demo` is a simulated account that needs no network' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand doctor" -l config -d 'The configuration file, in place of the user\'s own' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand doctor" -s r -l region -d 'The region the instance is in, such as cn-hangzhou' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand doctor" -l endpoint -d 'The API\'s endpoint: a host (https), or http(s)://HOST[:PORT]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand doctor" -s o -l output -d 'The form of results and of errors' -r -f -a "text\t'For people'
json\t'One JSON object a line'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand doctor" -l timeout -d 'How long a command may take up to its answer [default: 30; `open` waits 120 for the browser, `wait` 60 for the screen]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand doctor" -l color -d 'When to colour; NO_COLOR is honoured' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand doctor" -l no-cache -d 'Ask for new temporary keys, and keep none'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand doctor" -s v -l verbose -d 'Tell more on stderr about the way to the result; -vv tells all'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand doctor" -s q -l quiet -d 'Nothing on stderr but errors'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand doctor" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand doctor" -s V -l version -d 'Print version'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand demo" -l port -d 'The port to listen on; 0 lets the system choose' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand demo" -l idle-limit -d 'Cut a console whose viewer has said nothing for this long; WebSocket pings say nothing [default: 300]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand demo" -l vnc-target -d 'Lead the consoles of running instances to a real VNC server, in place of simulated screens: HOST:PORT for plain RFB, ws://HOST:PORT[/PATH] for RFB in a WebSocket' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand demo" -l profile -d 'The profile to use; `demo` is a simulated account that needs no network' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand demo" -l config -d 'The configuration file, in place of the user\'s own' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand demo" -s r -l region -d 'The region the instance is in, such as cn-hangzhou' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand demo" -l endpoint -d 'The API\'s endpoint: a host (https), or http(s)://HOST[:PORT]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand demo" -s o -l output -d 'The form of results and of errors' -r -f -a "text\t'For people'
json\t'One JSON object a line'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand demo" -l timeout -d 'How long a command may take up to its answer [default: 30; `open` waits 120 for the browser, `wait` 60 for the screen]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand demo" -l color -d 'When to colour; NO_COLOR is honoured' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand demo" -l no-cache -d 'Ask for new temporary keys, and keep none'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand demo" -s v -l verbose -d 'Tell more on stderr about the way to the result; -vv tells all'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand demo" -s q -l quiet -d 'Nothing on stderr but errors'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand demo" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand demo" -s V -l version -d 'Print version'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand completions" -l profile -d 'The profile to use; `demo` is a simulated account that needs no network' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand completions" -l config -d 'The configuration file, in place of the user\'s own' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand completions" -s r -l region -d 'The region the instance is in, such as cn-hangzhou' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand completions" -l endpoint -d 'The API\'s endpoint: a host (https), or http(s)://HOST[:PORT]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand completions" -s o -l output -d 'The form of results and of errors' -r -f -a "text\t'For people'
json\t'One JSON object a line'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand completions" -l timeout -d 'How long a command may take up to its answer [default: 30; `open` waits 120 for the browser, `wait` 60 for the screen]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand completions" -l color -d 'When to colour; NO_COLOR is honoured' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand completions" -l no-cache -d 'Ask for new temporary keys, and keep none'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand completions" -s v -l verbose -d 'Tell more on stderr about the way to the result; -vv tells all'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand completions" -s q -l quiet -d 'Nothing on stderr but errors'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand completions" -s V -l version -d 'Print version'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand man" -l profile -d 'The profile to use; `demo` is a simulated account that needs no network' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand man" -l config -d 'The configuration file, in place of the user\'s own' -r -F
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand man" -s r -l region -d 'The region the instance is in, such as cn-hangzhou' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand man" -l endpoint -d 'The API\'s endpoint: a host (https), or http(s)://HOST[:PORT]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand man" -s o -l output -d 'The form of results and of errors' -r -f -a "text\t'For people'
json\t'One JSON object a line'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand man" -l timeout -d 'How long a command may take up to its answer [default: 30; `open` waits 120 for the browser, `wait` 60 for the screen]' -r
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand man" -l color -d 'When to colour; NO_COLOR is honoured' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand man" -l no-cache -d 'Ask for new temporary keys, and keep none'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand man" -s v -l verbose -d 'Tell more on stderr about the way to the result; -vv tells all'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand man" -s q -l quiet -d 'Nothing on stderr but errors'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand man" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand man" -s V -l version -d 'Print version'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand help; and not __fish_seen_subcommand_from vnc-url open relay view screenshot key type wait script bootlog list regions password profile doctor demo completions man help" -f -a "vnc-url" -d 'Print the URL of an instance\'s console page, valid for 15 seconds'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand help; and not __fish_seen_subcommand_from vnc-url open relay view screenshot key type wait script bootlog list regions password profile doctor demo completions man help" -f -a "open" -d 'Open an instance\'s console in the browser, within the 15 seconds'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand help; and not __fish_seen_subcommand_from vnc-url open relay view screenshot key type wait script bootlog list regions password profile doctor demo completions man help" -f -a "relay" -d 'Serve an instance\'s console to native VNC viewers, on a port of this machine'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand help; and not __fish_seen_subcommand_from vnc-url open relay view screenshot key type wait script bootlog list regions password profile doctor demo completions man help" -f -a "view" -d 'Open an instance\'s console in a native VNC viewer'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand help; and not __fish_seen_subcommand_from vnc-url open relay view screenshot key type wait script bootlog list regions password profile doctor demo completions man help" -f -a "screenshot" -d 'Take a picture of an instance\'s screen'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand help; and not __fish_seen_subcommand_from vnc-url open relay view screenshot key type wait script bootlog list regions password profile doctor demo completions man help" -f -a "key" -d 'Press keys on an instance\'s console, without a viewer'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand help; and not __fish_seen_subcommand_from vnc-url open relay view screenshot key type wait script bootlog list regions password profile doctor demo completions man help" -f -a "type" -d 'Type a text on an instance\'s console, without a viewer'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand help; and not __fish_seen_subcommand_from vnc-url open relay view screenshot key type wait script bootlog list regions password profile doctor demo completions man help" -f -a "wait" -d 'Wait until an instance\'s screen stands still, changes, or looks like a picture'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand help; and not __fish_seen_subcommand_from vnc-url open relay view screenshot key type wait script bootlog list regions password profile doctor demo completions man help" -f -a "script" -d 'See and drive an instance\'s console by a script, over one connection.'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand help; and not __fish_seen_subcommand_from vnc-url open relay view screenshot key type wait script bootlog list regions password profile doctor demo completions man help" -f -a "bootlog" -d 'Print what an instance wrote to its console when it last started, restarted or shut down'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand help; and not __fish_seen_subcommand_from vnc-url open relay view screenshot key type wait script bootlog list regions password profile doctor demo completions man help" -f -a "list" -d 'List the instances of the home region, or of every region'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand help; and not __fish_seen_subcommand_from vnc-url open relay view screenshot key type wait script bootlog list regions password profile doctor demo completions man help" -f -a "regions" -d 'List the account\'s regions, with their names and endpoints'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand help; and not __fish_seen_subcommand_from vnc-url open relay view screenshot key type wait script bootlog list regions password profile doctor demo completions man help" -f -a "password" -d 'Set the VNC password of an instance'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand help; and not __fish_seen_subcommand_from vnc-url open relay view screenshot key type wait script bootlog list regions password profile doctor demo completions man help" -f -a "profile" -d 'List, show and add the profiles of the configuration'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand help; and not __fish_seen_subcommand_from vnc-url open relay view screenshot key type wait script bootlog list regions password profile doctor demo completions man help" -f -a "doctor" -d 'Check everything that `open` needs: files, profile, keys, region, proxy, clock, permissions, instance, browser'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand help; and not __fish_seen_subcommand_from vnc-url open relay view screenshot key type wait script bootlog list regions password profile doctor demo completions man help" -f -a "demo" -d 'Serve a simulated account on loopback until Ctrl-C'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand help; and not __fish_seen_subcommand_from vnc-url open relay view screenshot key type wait script bootlog list regions password profile doctor demo completions man help" -f -a "completions" -d 'Print a shell\'s completion script'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand help; and not __fish_seen_subcommand_from vnc-url open relay view screenshot key type wait script bootlog list regions password profile doctor demo completions man help" -f -a "man" -d 'Print the manual page (roff)'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand help; and not __fish_seen_subcommand_from vnc-url open relay view screenshot key type wait script bootlog list regions password profile doctor demo completions man help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand help; and __fish_seen_subcommand_from password" -f -a "set" -d 'Set the VNC password of an instance: six letters or digits'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand help; and __fish_seen_subcommand_from profile" -f -a "list" -d 'List the profiles; the default is marked with a star'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand help; and __fish_seen_subcommand_from profile" -f -a "show" -d 'Show a profile, its secrets masked, and where its settings come from'
complete -c ecs-vnc -n "__fish_ecs_vnc_using_subcommand help; and __fish_seen_subcommand_from profile" -f -a "add" -d 'Add a profile to the configuration, readable by you only'
