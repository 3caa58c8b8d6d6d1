using System.Runtime.InteropServices;

namespace Replica.Tests.Properties.Store.Disks;

/// <summary>SQLite's <c>sqlite3_vfs</c>, version 1.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct VfsStruct
{
    public int Version;
    public int FileBytes;
    public int PathMax;
    public VfsStruct* Next;
    public byte* Name;
    public void* AppData;
    public delegate* unmanaged[Cdecl]<VfsStruct*, byte*, FileStruct*, int, int*, int> Open;
    public delegate* unmanaged[Cdecl]<VfsStruct*, byte*, int, int> Delete;
    public delegate* unmanaged[Cdecl]<VfsStruct*, byte*, int, int*, int> Access;
    public delegate* unmanaged[Cdecl]<VfsStruct*, byte*, int, byte*, int> FullPath;
    public nint LoadLibrary;
    public nint LibraryError;
    public nint LibrarySymbol;
    public nint CloseLibrary;
    public delegate* unmanaged[Cdecl]<VfsStruct*, int, byte*, int> Randomness;
    public delegate* unmanaged[Cdecl]<VfsStruct*, int, int> Sleep;
    public delegate* unmanaged[Cdecl]<VfsStruct*, double*, int> CurrentTime;
    public delegate* unmanaged[Cdecl]<VfsStruct*, int, byte*, int> LastError;
}
