/* Wine 8 lacks this DLL, without which every program of Rust ends with code 53 before its first line. It has one function:
   random bytes, which advapi32 has under the name RtlGenRandom. */
__declspec(dllimport) unsigned char __stdcall SystemFunction036(void *buffer, unsigned long length);

__declspec(dllexport) int __stdcall ProcessPrng(void *buffer, unsigned long long length) {
    return SystemFunction036(buffer, (unsigned long)length);
}
