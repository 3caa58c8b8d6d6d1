using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Replica.Tests.Properties.Store.Disks;

/// <summary>What SQLite may do with a file of a simulated disk.</summary>
internal static unsafe class FileMethods
{
    private const int SectorBytes = 512;

    /// <summary>The one table, for as long as the process lives.</summary>
    public static FileMethodsStruct* Table { get; } = Make();

    private static FileMethodsStruct* Make()
    {
        var table = (FileMethodsStruct*)NativeMemory.AllocZeroed((nuint)sizeof(FileMethodsStruct));
        *table = new()
        {
            Version = 2,
            Close = &Close,
            Read = &Read,
            Write = &Write,
            Truncate = &Truncate,
            Sync = &Sync,
            Length = &Length,
            Lock = &Lock,
            Unlock = &Unlock,
            CheckReserved = &CheckReserved,
            Control = &Control,
            SectorSize = &SectorSize,
            Characteristics = &Characteristics,
            SharedMap = &SharedMap,
            SharedLock = &SharedLock,
            SharedBarrier = &SharedBarrier,
            SharedUnmap = &SharedUnmap,
        };
        return table;
    }

    private static OpenDiskFile Of(FileStruct* file) => (OpenDiskFile)GCHandle.FromIntPtr(file->Opener).Target!;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Close(FileStruct* file)
    {
        var open = Of(file);
        lock (open.Disk.Gate)
        {
            _ = open.File.Openers.Remove(open);
        }

        GCHandle.FromIntPtr(file->Opener).Free();
        return Sqlite3.Ok;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Read(FileStruct* file, byte* target, int count, long offset)
    {
        var open = Of(file);
        lock (open.Disk.Gate)
        {
            if (!open.IsTemporary && open.Disk.ReadFault?.Invoke(open.File.Path, offset) is { } error and not Sqlite3.Ok)
            {
                return error;
            }

            return open.File.Read(new(target, count), offset) == count ? Sqlite3.Ok : Sqlite3.ShortRead;
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Write(FileStruct* file, byte* source, int count, long offset)
    {
        var open = Of(file);
        lock (open.Disk.Gate)
        {
            var bytes = new ReadOnlySpan<byte>(source, count);
            if (!open.IsTemporary)
            {
                return open.Disk.Write(open.File, bytes, offset);
            }

            open.File.Write(bytes, offset);
            return Sqlite3.Ok;
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Truncate(FileStruct* file, long length)
    {
        var open = Of(file);
        lock (open.Disk.Gate)
        {
            if (!open.IsTemporary)
            {
                return open.Disk.Truncate(open.File, length);
            }

            open.File.Truncate(length);
            return Sqlite3.Ok;
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Sync(FileStruct* file, int flags)
    {
        var open = Of(file);
        lock (open.Disk.Gate)
        {
            return open.IsTemporary ? Sqlite3.Ok : open.Disk.Sync(open.File);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Length(FileStruct* file, long* length)
    {
        var open = Of(file);
        lock (open.Disk.Gate)
        {
            *length = open.File.Length;
        }

        return Sqlite3.Ok;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Lock(FileStruct* file, int level)
    {
        var open = Of(file);
        lock (open.Disk.Gate)
        {
            return open.File.TryLock(open, level) ? Sqlite3.Ok : Sqlite3.Busy;
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Unlock(FileStruct* file, int level)
    {
        var open = Of(file);
        lock (open.Disk.Gate)
        {
            open.Lock = level;
        }

        return Sqlite3.Ok;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int CheckReserved(FileStruct* file, int* result)
    {
        var open = Of(file);
        lock (open.Disk.Gate)
        {
            *result = open.File.Openers.Exists(static other => other.Lock >= 2) ? 1 : 0;
        }

        return Sqlite3.Ok;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Control(FileStruct* file, int operation, void* argument)
    {
        if (operation != Sqlite3.ControlHasMoved)
        {
            return Sqlite3.NotFound;
        }

        var open = Of(file);
        lock (open.Disk.Gate)
        {
            *(int*)argument = open.Disk.Holds(open.File) ? 0 : 1;
        }

        return Sqlite3.Ok;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int SectorSize(FileStruct* file) => SectorBytes;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Characteristics(FileStruct* file) => Of(file).Disk.HasPowersafeOverwrite ? Sqlite3.PowersafeOverwrite : 0;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int SharedMap(FileStruct* file, int region, int size, int mayExtend, nint* result)
    {
        var open = Of(file);
        lock (open.Disk.Gate)
        {
            open.HasShared = true;
            *result = open.File.Region(region, size, mayExtend != 0);
        }

        return Sqlite3.Ok;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int SharedLock(FileStruct* file, int first, int count, int flags)
    {
        var open = Of(file);
        lock (open.Disk.Gate)
        {
            if ((flags & Sqlite3.SharedUnlock) != 0)
            {
                open.File.UnlockShared(open, first, count);
                return Sqlite3.Ok;
            }

            return open.File.TryLockShared(open, first, count, (flags & Sqlite3.SharedExclusive) != 0) ? Sqlite3.Ok : Sqlite3.Busy;
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void SharedBarrier(FileStruct* file) => Interlocked.MemoryBarrier();

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int SharedUnmap(FileStruct* file, int isDeleted)
    {
        var open = Of(file);
        lock (open.Disk.Gate)
        {
            open.HasShared = false;
            if (!open.File.Openers.Exists(static other => other.HasShared))
            {
                open.File.FreeRegions();
            }
        }

        return Sqlite3.Ok;
    }
}
