/* What only a program of Windows can do to another one.

   host terminal COMMAND LINE   runs it in a console of its own (100 x 30). stdin is what is typed; stdout gets what a terminal
                                is sent. The end of stdin closes the window. The exit code is the command's.
   host inside COMMAND LINE     what `terminal` starts: runs it with the console as stdin, stdout and stderr, which Wine leaves out.
                                Presses Ctrl-Break when the file exists that HOST_BREAK names.
   host connect PORT            connects to a port of this machine: sends it stdin, and writes what it answers to stdout. Ends when
                                the port does. */
#define _WIN32_WINNT 0x0A00
#include <stdio.h>
#include <wchar.h>
#include <winsock2.h>
#include <windows.h>

typedef HRESULT(WINAPI *Create)(COORD, HANDLE, HANDLE, DWORD, void **);
typedef void(WINAPI *Close)(void *);

/* PROC_THREAD_ATTRIBUTE_PSEUDOCONSOLE */
#define PSEUDO_CONSOLE 0x00020016

static HANDLE typed, shown, stdin_handle, stdout_handle;
static void *console;
static Close close_console;

static int fail(const char *what) {
    DWORD error = GetLastError();
    printf("host: %s: error %lu\n", what, error);
    fflush(stdout);
    Sleep(300);
    return 99;
}

static void copy(HANDLE from, HANDLE to) {
    char bytes[4096];
    DWORD count, written;
    while (ReadFile(from, bytes, sizeof bytes, &count, NULL) && count > 0)
        if (!WriteFile(to, bytes, count, &written, NULL)) break;
}

static DWORD WINAPI type(void *unused) {
    (void)unused;
    copy(stdin_handle, typed);
    close_console(console);
    return 0;
}

static DWORD WINAPI show(void *unused) {
    (void)unused;
    copy(shown, stdout_handle);
    return 0;
}

static DWORD ends(PROCESS_INFORMATION *process) {
    DWORD code = 98;
    WaitForSingleObject(process->hProcess, INFINITE);
    GetExitCodeProcess(process->hProcess, &code);
    return code;
}

static int in_terminal(wchar_t *line) {
    HMODULE kernel = GetModuleHandleW(L"kernelbase.dll");
    Create create = (Create)(void *)GetProcAddress(kernel, "CreatePseudoConsole");
    close_console = (Close)(void *)GetProcAddress(kernel, "ClosePseudoConsole");
    if (!create || !close_console) {
        kernel = GetModuleHandleW(L"kernel32.dll");
        create = (Create)(void *)GetProcAddress(kernel, "CreatePseudoConsole");
        close_console = (Close)(void *)GetProcAddress(kernel, "ClosePseudoConsole");
    }
    if (!create || !close_console) return fail("CreatePseudoConsole");
    HANDLE in, out;
    if (!CreatePipe(&in, &typed, NULL, 0) || !CreatePipe(&shown, &out, NULL, 0)) return fail("CreatePipe");
    COORD size = {100, 30};
    if (create(size, in, out, 0, &console) != S_OK) return fail("CreatePseudoConsole");
    STARTUPINFOEXW startup = {0};
    char attributes[256];
    SIZE_T length = sizeof attributes;
    startup.StartupInfo.cb = sizeof startup;
    startup.lpAttributeList = (void *)attributes;
    if (!InitializeProcThreadAttributeList(startup.lpAttributeList, 1, 0, &length)) return fail("attributes");
    if (!UpdateProcThreadAttribute(startup.lpAttributeList, 0, PSEUDO_CONSOLE, console, sizeof console, NULL, NULL))
        return fail("attribute");
    wchar_t own[MAX_PATH], inside[4096];
    GetModuleFileNameW(NULL, own, MAX_PATH);
    swprintf(inside, 4096, L"\"%ls\" inside %ls", own, line);
    PROCESS_INFORMATION process;
    if (!CreateProcessW(NULL, inside, NULL, NULL, FALSE, EXTENDED_STARTUPINFO_PRESENT, NULL, NULL,
                        &startup.StartupInfo, &process))
        return fail("CreateProcess");
    stdin_handle = GetStdHandle(STD_INPUT_HANDLE);
    stdout_handle = GetStdHandle(STD_OUTPUT_HANDLE);
    CreateThread(NULL, 0, type, NULL, 0, NULL);
    CreateThread(NULL, 0, show, NULL, 0, NULL);
    DWORD code = ends(&process);
    /* What was written last is still on its way. */
    Sleep(500);
    fprintf(stderr, "host: exit %lu\n", code);
    fflush(stderr);
    ExitProcess(code);
}

/* The command ends by itself, and this program after it. */
static BOOL WINAPI wait_for_it(DWORD event) {
    if (event != CTRL_C_EVENT && event != CTRL_BREAK_EVENT) Sleep(20000);
    return TRUE;
}

static int inside(wchar_t *line) {
    SECURITY_ATTRIBUTES inherited = {sizeof inherited, NULL, TRUE};
    DWORD access = GENERIC_READ | GENERIC_WRITE, shared = FILE_SHARE_READ | FILE_SHARE_WRITE;
    STARTUPINFOW startup = {0};
    startup.cb = sizeof startup;
    startup.dwFlags = STARTF_USESTDHANDLES;
    startup.hStdInput = CreateFileW(L"CONIN$", access, shared, &inherited, OPEN_EXISTING, 0, NULL);
    startup.hStdOutput = CreateFileW(L"CONOUT$", access, shared, &inherited, OPEN_EXISTING, 0, NULL);
    startup.hStdError = startup.hStdOutput;
    SetConsoleCtrlHandler(wait_for_it, TRUE);
    PROCESS_INFORMATION process;
    if (!CreateProcessW(NULL, line, NULL, NULL, TRUE, 0, NULL, NULL, &startup, &process)) return fail("CreateProcess");
    wchar_t file[MAX_PATH];
    BOOL presses = GetEnvironmentVariableW(L"HOST_BREAK", file, MAX_PATH) > 0;
    while (presses && WaitForSingleObject(process.hProcess, 50) == WAIT_TIMEOUT) {
        if (GetFileAttributesW(file) == INVALID_FILE_ATTRIBUTES) continue;
        /* GenerateConsoleCtrlEvent fails in Wine 8 (error 6). The system delivers such an event by a thread that starts here. */
        void *routine = (void *)GetProcAddress(GetModuleHandleW(L"kernelbase.dll"), "CtrlRoutine");
        if (!routine || !CreateRemoteThread(process.hProcess, NULL, 0, (LPTHREAD_START_ROUTINE)routine,
                                            (void *)(ULONG_PTR)CTRL_BREAK_EVENT, 0, NULL))
            return fail("Ctrl-Break");
        presses = FALSE;
    }
    return (int)ends(&process);
}

static DWORD WINAPI send_all(void *connection) {
    char bytes[4096];
    DWORD count;
    while (ReadFile(stdin_handle, bytes, sizeof bytes, &count, NULL) && count > 0)
        if (send((SOCKET)connection, bytes, (int)count, 0) != (int)count) break;
    return 0;
}

static int connect_to(const wchar_t *port) {
    WSADATA data;
    WSAStartup(MAKEWORD(2, 2), &data);
    SOCKET connection = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    struct sockaddr_in address = {0};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons((u_short)wcstoul(port, NULL, 10));
    if (connect(connection, (struct sockaddr *)&address, sizeof address)) return fail("connect");
    stdin_handle = GetStdHandle(STD_INPUT_HANDLE);
    stdout_handle = GetStdHandle(STD_OUTPUT_HANDLE);
    CreateThread(NULL, 0, send_all, (void *)connection, 0, NULL);
    char bytes[4096];
    DWORD written;
    int count;
    while ((count = recv(connection, bytes, sizeof bytes, 0)) > 0)
        WriteFile(stdout_handle, bytes, (DWORD)count, &written, NULL);
    ExitProcess(0);
}

int wmain(int count, wchar_t **words) {
    if (count < 3) return fail("usage");
    if (!wcscmp(words[1], L"connect")) return connect_to(words[2]);
    /* The command line as it stands after the words that are this program's. */
    wchar_t *line = wcsstr(GetCommandLineW(), words[2]);
    if (line > GetCommandLineW() && line[-1] == L'"') line--;
    return wcscmp(words[1], L"inside") ? in_terminal(line) : inside(line);
}
