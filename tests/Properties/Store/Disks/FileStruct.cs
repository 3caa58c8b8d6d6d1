using System.Runtime.InteropServices;

namespace Replica.Tests.Properties.Store.Disks;

/// <summary>SQLite's <c>sqlite3_file</c>, with our handle behind it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct FileStruct
{
    public FileMethodsStruct* Methods;
    public nint Opener;
}
