using System.Runtime.InteropServices;

namespace Replica.Tests.Properties.Store.Disks;

/// <summary>SQLite's <c>sqlite3_io_methods</c>, version 2: with shared memory, without mapping.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct FileMethodsStruct
{
    public int Version;
    public delegate* unmanaged[Cdecl]<FileStruct*, int> Close;
    public delegate* unmanaged[Cdecl]<FileStruct*, byte*, int, long, int> Read;
    public delegate* unmanaged[Cdecl]<FileStruct*, byte*, int, long, int> Write;
    public delegate* unmanaged[Cdecl]<FileStruct*, long, int> Truncate;
    public delegate* unmanaged[Cdecl]<FileStruct*, int, int> Sync;
    public delegate* unmanaged[Cdecl]<FileStruct*, long*, int> Length;
    public delegate* unmanaged[Cdecl]<FileStruct*, int, int> Lock;
    public delegate* unmanaged[Cdecl]<FileStruct*, int, int> Unlock;
    public delegate* unmanaged[Cdecl]<FileStruct*, int*, int> CheckReserved;
    public delegate* unmanaged[Cdecl]<FileStruct*, int, void*, int> Control;
    public delegate* unmanaged[Cdecl]<FileStruct*, int> SectorSize;
    public delegate* unmanaged[Cdecl]<FileStruct*, int> Characteristics;
    public delegate* unmanaged[Cdecl]<FileStruct*, int, int, int, nint*, int> SharedMap;
    public delegate* unmanaged[Cdecl]<FileStruct*, int, int, int, int> SharedLock;
    public delegate* unmanaged[Cdecl]<FileStruct*, void> SharedBarrier;
    public delegate* unmanaged[Cdecl]<FileStruct*, int, int> SharedUnmap;
}
