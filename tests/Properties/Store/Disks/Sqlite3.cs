namespace Replica.Tests.Properties.Store.Disks;

/// <summary>The numbers of SQLite's interface to file systems.</summary>
internal static class Sqlite3
{
    public const int Ok = 0;
    public const int Busy = 5;
    public const int NoMemory = 7;
    public const int ReadOnly = 8;
    public const int InputOutput = 10;
    public const int NotFound = 12;
    public const int Full = 13;
    public const int CantOpen = 14;
    public const int ReadError = 266;
    public const int ShortRead = 522;
    public const int WriteError = 778;
    public const int SyncError = 1034;
    public const int TruncateError = 1546;
    public const int DeleteNoEntry = 5898;

    public const int OpenCreate = 0x4;
    public const int OpenDeleteOnClose = 0x8;
    public const int OpenMainDatabase = 0x100;
    public const int OpenWal = 0x80000;

    public const int ControlHasMoved = 20;
    public const int PowersafeOverwrite = 0x1000;

    public const int SharedUnlock = 1;
    public const int SharedLock = 2;
    public const int SharedExclusive = 8;
}
