using System.Runtime.InteropServices;
using SQLitePCL;

namespace Replica.Peer.Store.Sqlite;

/// <summary>Says what a result code of the engine means to a user: what happened, to which file, what to do.</summary>
internal static class SqliteFaults
{
    // The same on Linux, macOS and the BSDs but for the last, which is Linux's.
    private const int NotPermitted = 1;
    private const int AccessDenied = 13;
    private const int TooManyFiles = 24;
    private const int FileTooBig = 27;
    private const int NoSpace = 28;
    private const int ReadOnlySystem = 30;
    private static readonly int s_quota = OperatingSystem.IsLinux() ? 122 : 69;

    /// <summary>The exception for a code that a connection gave.</summary>
    public static StoreException Explain(sqlite3 database, string path, int result)
    {
        var text = raw.sqlite3_errmsg(database).utf8_to_string();
        var extended = raw.sqlite3_extended_errcode(database);
        return (result & 0xff) switch
        {
            raw.SQLITE_FULL => Full(path),
            raw.SQLITE_READONLY or raw.SQLITE_PERM => ReadOnly(path),
            raw.SQLITE_NOTADB => new(StoreFault.NotASpace, $"'{path}' is no Replica space: it is not even a database. Name another directory."),
            raw.SQLITE_CORRUPT => new(
                StoreFault.Corrupt, $"'{path}' is damaged ({text}): 'replica verify' says what, 'replica repair' mends it. What can be read is still served."),
            raw.SQLITE_INTERRUPT => throw new OperationCanceledException($"Reading '{path}' was stopped."),
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => new(StoreFault.Locked, $"'{path}' is in use by another program: close it and try again."),
            raw.SQLITE_CANTOPEN or raw.SQLITE_IOERR => ExplainSystem(path, SqliteNative.SystemError(database), text, extended, result & 0xff),
            _ => new(StoreFault.InputOutput, $"'{path}' could not be read or written: {text} ({extended})."),
        };
    }

    private static StoreException ExplainSystem(string path, int error, string text, int extended, int result)
    {
        var cause = error == 0 ? text : Marshal.GetPInvokeErrorMessage(error);
        return error switch
        {
            NoSpace => Full(path),
            FileTooBig => new(
                StoreFault.DiskFull,
                $"'{path}' may not grow: the limit on file size is reached. Raise it (ulimit -f) and try again; nothing confirmed is lost."),
            _ when error == s_quota => new(
                StoreFault.DiskFull, $"The quota on the disk of '{path}' is used up: free some space and try again; nothing confirmed is lost."),
            ReadOnlySystem or AccessDenied or NotPermitted => ReadOnly(path),
            TooManyFiles => new(
                StoreFault.InputOutput, $"'{path}' can't be opened: this process has too many files open. Raise the limit (ulimit -n)."),
            _ when result == raw.SQLITE_CANTOPEN => new(
                StoreFault.InputOutput, $"'{path}' can't be opened ({cause}): check that its folder exists and may be used."),
            _ => new(
                StoreFault.InputOutput,
                $"The disk of '{path}' failed ({cause}, {extended}): see to the disk and try again; nothing confirmed is lost."),
        };
    }

    private static StoreException Full(string path) => new(
        StoreFault.DiskFull, $"The disk of '{path}' is full: free some space and try again; nothing confirmed is lost.");

    private static StoreException ReadOnly(string path) => new(
        StoreFault.ReadOnly, $"'{path}' can't be written: check the rights of the file, of those beside it and of its folder, "
        + "and that the disk is not read-only.");
}
