using SQLitePCL;

namespace Replica.Peer.Store.Sqlite;

/// <summary>Functions of the engine that the binding does not have.</summary>
internal static unsafe class SqliteNative
{
    private const int HasMovedControl = 20;

    private static readonly delegate* unmanaged[Cdecl]<nint, byte*, int, void*, int> s_fileControl =
        (delegate* unmanaged[Cdecl]<nint, byte*, int, void*, int>)SqliteLibrary.Function("sqlite3_file_control");

    private static readonly delegate* unmanaged[Cdecl]<nint, int> s_systemErrno =
        (delegate* unmanaged[Cdecl]<nint, int>)SqliteLibrary.Function("sqlite3_system_errno");

    private static readonly delegate* unmanaged[Cdecl]<nint, delegate* unmanaged[Cdecl]<void*, nint, byte*, int, int>, void*, nint> s_walHook =
        (delegate* unmanaged[Cdecl]<nint, delegate* unmanaged[Cdecl]<void*, nint, byte*, int, int>, void*, nint>)
            SqliteLibrary.Function("sqlite3_wal_hook");

    /// <summary>Whether the database's file is no longer the one under its name: it was removed, or another put in its place.</summary>
    public static bool HasMoved(sqlite3 database)
    {
        var moved = 0;
        fixed (byte* main = "main\0"u8)
        {
            return s_fileControl(database.DangerousGetHandle(), main, HasMovedControl, &moved) == raw.SQLITE_OK && moved != 0;
        }
    }

    /// <summary>The operating system's number for the last fault of a connection; 0 if there was none.</summary>
    public static int SystemError(sqlite3 database) => s_systemErrno(database.DangerousGetHandle());

    /// <summary>Has each commit write down how many pages the write-ahead log then has. Ends automatic checkpoints.</summary>
    /// <param name="database">The writer.</param>
    /// <param name="pages">Where to; must outlive the connection.</param>
    public static void CountLogPages(sqlite3 database, int* pages) => _ = s_walHook(database.DangerousGetHandle(), &OnCommit, pages);

    [System.Runtime.InteropServices.UnmanagedCallersOnly(CallConvs = [typeof(System.Runtime.CompilerServices.CallConvCdecl)])]
    private static int OnCommit(void* pages, nint database, byte* name, int count)
    {
        *(int*)pages = count;
        return raw.SQLITE_OK;
    }
}
