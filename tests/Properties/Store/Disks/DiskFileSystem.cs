using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Replica.Peer.Store.Sqlite;

namespace Replica.Tests.Properties.Store.Disks;

/// <summary>Makes a simulated disk known to SQLite as a file system of its own: no native code but SQLite's.</summary>
/// <remarks>Source: [SqliteVfs]. Files of SQLite point at <see cref="FileMethods"/>; no exception may leave a function here.</remarks>
internal sealed unsafe partial class DiskFileSystem : IDisposable
{
    private const int FileBytes = 32;
    private const int PathMax = 512;
    private static int s_last;

    private readonly GCHandle _disk;
    private readonly VfsStruct* _vfs;
    private readonly byte* _name;

    public DiskFileSystem(SimulatedDisk disk)
    {
        SqliteLibrary.Initialize();
        Name = $"simulated-{Interlocked.Increment(ref s_last)}";
        _disk = GCHandle.Alloc(disk);
        _name = (byte*)Marshal.StringToCoTaskMemUTF8(Name);
        _vfs = (VfsStruct*)NativeMemory.AllocZeroed((nuint)sizeof(VfsStruct));
        *_vfs = new()
        {
            Version = 1,
            FileBytes = FileBytes,
            PathMax = PathMax,
            Name = _name,
            AppData = (void*)GCHandle.ToIntPtr(_disk),
            Open = &Open,
            Delete = &Delete,
            Access = &Access,
            FullPath = &FullPath,
            Randomness = &Randomness,
            Sleep = &Sleep,
            CurrentTime = &CurrentTime,
            LastError = &LastError,
        };
        var register = (delegate* unmanaged[Cdecl]<VfsStruct*, int, int>)SqliteLibrary.Function("sqlite3_vfs_register");
        if (register(_vfs, 0) != Sqlite3.Ok)
        {
            throw new InvalidOperationException("SQLite did not take the file system.");
        }
    }

    public string Name { get; }

    public void Dispose()
    {
        var unregister = (delegate* unmanaged[Cdecl]<VfsStruct*, int>)SqliteLibrary.Function("sqlite3_vfs_unregister");
        _ = unregister(_vfs);
        NativeMemory.Free(_vfs);
        Marshal.FreeCoTaskMem((nint)_name);
        _disk.Free();
    }

    private static SimulatedDisk DiskOf(VfsStruct* vfs) => (SimulatedDisk)GCHandle.FromIntPtr((nint)vfs->AppData).Target!;

    private static string? Text(byte* text) => Marshal.PtrToStringUTF8((nint)text);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Open(VfsStruct* vfs, byte* name, FileStruct* file, int flags, int* outFlags)
    {
        var disk = DiskOf(vfs);
        file->Methods = null;
        lock (disk.Gate)
        {
            DiskFile? found;
            var path = Text(name);
            if (path is null)
            {
                found = new("", []);
            }
            else
            {
                var error = disk.Open(path, (flags & Sqlite3.OpenCreate) != 0, out found);
                if (error != Sqlite3.Ok)
                {
                    return error;
                }
            }

            var open = new OpenDiskFile(disk, found!, path is null || (flags & Sqlite3.OpenDeleteOnClose) != 0);
            found!.Openers.Add(open);
            file->Opener = GCHandle.ToIntPtr(GCHandle.Alloc(open));
            file->Methods = FileMethods.Table;
        }

        if (outFlags is not null)
        {
            *outFlags = flags;
        }

        return Sqlite3.Ok;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Delete(VfsStruct* vfs, byte* name, int syncFolder)
    {
        var disk = DiskOf(vfs);
        lock (disk.Gate)
        {
            return disk.Delete(Text(name)!);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Access(VfsStruct* vfs, byte* name, int flags, int* result)
    {
        var disk = DiskOf(vfs);
        lock (disk.Gate)
        {
            *result = disk.Contains(Text(name)!) ? 1 : 0;
        }

        return Sqlite3.Ok;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int FullPath(VfsStruct* vfs, byte* name, int size, byte* target)
    {
        var written = Encoding.UTF8.GetBytes(Text(name)!, new Span<byte>(target, size - 1));
        target[written] = 0;
        return Sqlite3.Ok;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Randomness(VfsStruct* vfs, int size, byte* target)
    {
        new Span<byte>(target, size).Fill(7);
        return size;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Sleep(VfsStruct* vfs, int microseconds)
    {
        // The threads are real: without the pause the engine's hundred attempts at a lock are over before the holder lets go.
        Thread.Sleep(TimeSpan.FromMicroseconds(microseconds));
        return microseconds;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int CurrentTime(VfsStruct* vfs, double* julianDay)
    {
        *julianDay = 2_460_000.5;
        return Sqlite3.Ok;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int LastError(VfsStruct* vfs, int size, byte* target) => Sqlite3.Ok;
}
