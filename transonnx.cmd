@echo off
rem Runs the command line; builds it first if its jar is missing. Whether sources are newer is not
rem looked at: cmd.exe has nothing that tells it in a moment.
setlocal DisableDelayedExpansion
set "JAR=%~dp0cli\target\transonnx.jar"

rem Folders in quotes are found by cmd.exe alone.
set "PATH=%PATH:"=%"
for %%I in (java.exe) do set "JAVA=%%~dp$PATH:Ijava.exe"
if defined JAVA_HOME set "JAVA=%JAVA_HOME:"=%\bin\java.exe"
if not exist "%JAVA%" (
  >&2 echo transonnx: there is no "%JAVA%"; install JDK 17 or later
  exit /b 2
)
if exist "%JAR%" goto run

where /q mvn
if errorlevel 1 (
  >&2 echo transonnx: there is no mvn to build "%JAR%" with; install Maven 3.8 or later
  exit /b 2
)
>&2 echo transonnx: building "%JAR%"
setlocal
rem Options of the user's are for the command, not for what makes it.
set "JDK_JAVA_OPTIONS="
pushd "%~dp0"
call mvn -B -q -DskipTests -pl cli -am package >&2
set "CODE=%ERRORLEVEL%"
popd
if not "%CODE%"=="0" exit /b 3
endlocal

rem The options are those of the other launcher. It is the last line because "transonnx ... && ..."
rem goes by the last command, not by "exit /b".
:run
"%JAVA%" -XX:CompileThresholdScaling=10 -XX:CompileCommand=quiet ^
  "-XX:CompileCommand=CompileThresholdScaling,sun.security.provider.DigestBase::implCompressMultiBlock*,0.001" ^
  -jar "%JAR%" %*
