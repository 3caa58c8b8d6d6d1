using SQLitePCL;

namespace Replica.Peer.Store.Sqlite;

/// <summary>Functions of the engine that the binding does not have.</summary>
internal static unsafe class SqliteNative
{
    private const int LastErrorControl = 4;
    private const int DatabaseFileControl = 7;
    private const int HasMovedControl = 20;
    private const int JournalFileControl = 28;

    /// <summary>Where a file's methods have the one for controls: behind the version and nine others.</summary>
    private const int ControlMethod = 10;

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
    public static int SystemError(sqlite3 database)
    {
        // A COMMIT does not keep it with the connection, but the files do.
        var error = s_systemErrno(database.DangerousGetHandle());
        error = error != 0 ? error : SystemError(database, JournalFileControl);
        return error != 0 ? error : SystemError(database, DatabaseFileControl);
    }

    /// <summary>Has each commit write down how many pages the write-ahead log then has. Ends automatic checkpoints.</summary>
    /// <param name="database">The writer.</param>
    /// <param name="pages">Where to; must outlive the connection.</param>
    public static void CountLogPages(sqlite3 database, int* pages) => _ = s_walHook(database.DangerousGetHandle(), &OnCommit, pages);

    private static int SystemError(sqlite3 database, int whichFile)
    {
        nint* file = null;
        var error = 0;
        fixed (byte* main = "main\0"u8)
        {
            if (s_fileControl(database.DangerousGetHandle(), main, whichFile, &file) == raw.SQLITE_OK && file is not null && *file != 0)
            {
                _ = ((delegate* unmanaged[Cdecl]<void*, int, void*, int>)(*(nint**)file)[ControlMethod])(file, LastErrorControl, &error);
            }
        }

        return error;
    }

    [System.Runtime.InteropServices.UnmanagedCallersOnly(CallConvs = [typeof(System.Runtime.CompilerServices.CallConvCdecl)])]
    private static int OnCommit(void* pages, nint database, byte* name, int count)
    {
        *(int*)pages = count;
        return raw.SQLITE_OK;
    }
}
