@echo off
rem Runs the command line; builds it first if its jar is missing. It does not check whether sources
rem are newer, for which cmd.exe has no fast command.
setlocal DisableDelayedExpansion
set "JAR=%~dp0cli\target\transonnx.jar"

rem Only cmd.exe finds folders in quotes.
set "PATH=%PATH:"=%"
for %%I in (java.exe) do set "JAVA=%%~dp$PATH:Ijava.exe"
if defined JAVA_HOME set "JAVA=%JAVA_HOME:"=%\bin\java.exe"
if not exist "%JAVA%" (
  >&2 echo transonnx: "%JAVA%" is missing; install JDK 17 or later
  exit /b 2
)
if exist "%JAR%" goto run

where /q mvn
if errorlevel 1 (
  >&2 echo transonnx: mvn is missing, which builds "%JAR%"; install Maven 3.8 or later
  exit /b 2
)
>&2 echo transonnx: building "%JAR%" with Maven, which takes some minutes. The first time, it downloads
>&2 echo libraries of about 200 MB, unless they are in its local repository.
setlocal
rem The user's JVM options apply to the command, not to the build.
set "JDK_JAVA_OPTIONS="
pushd "%~dp0"
rem The result of Maven is lost in the pipe, so the jar shows whether it succeeded.
mvn -B -DskipTests -pl cli -am package 2>&1 | findstr /b /c:"[INFO] Building Transonnx" /c:"[ERROR]" >&2
popd
endlocal
if not exist "%JAR%" exit /b 3

rem The options of the other launcher. This must be the last line because "transonnx ... && ..."
rem uses the exit code of the last command, not of "exit /b".
:run
"%JAVA%" -XX:CompileThresholdScaling=10 -XX:CompileCommand=quiet ^
  "-XX:CompileCommand=CompileThresholdScaling,sun.security.provider.DigestBase::implCompressMultiBlock*,0.001" ^
  -jar "%JAR%" %*
