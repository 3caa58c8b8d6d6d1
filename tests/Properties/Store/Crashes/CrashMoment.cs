namespace Replica.Tests.Properties.Store.Crashes;

/// <summary>What had been promised when so many disk operations were done.</summary>
/// <param name="Operations">How many.</param>
/// <param name="Acknowledged">The arrival number of the last change whose writer had been told, or that was applied from a peer.</param>
/// <param name="Announced">The arrival number of the last change that peers could have been told of.</param>
internal readonly record struct CrashMoment(int Operations, long Acknowledged, long Announced);
